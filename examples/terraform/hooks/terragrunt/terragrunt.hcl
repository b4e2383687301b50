# Every plan is judged as soon as it is made; `terragrunt plan` and `terragrunt run --all plan` fail with what is denied.
terraform {
  extra_arguments "plan_file" {
    commands  = ["plan"]
    arguments = ["-out=tfplan"]
  }

  after_hook "berm" {
    commands = ["plan"]
    execute  = ["berm-plan", "-policies", "${get_repo_root()}/policies", "tfplan"]
  }
}
