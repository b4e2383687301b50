# The plan of the tests: resources that need no provider, one of them public and nobody's, one with a secret, one that is not known yet.
variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

resource "terraform_data" "bucket" {
  input = { acl = "public-read", owner = "" }
}

resource "terraform_data" "secret" {
  input = { acl = "public-read", owner = "ann", password = var.password }
}

resource "terraform_data" "later" {
  input = { acl = terraform_data.bucket.id, owner = "bob" }
}
