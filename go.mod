module berm.dev/berm

go 1.19
