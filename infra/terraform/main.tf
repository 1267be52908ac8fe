# Bindery as one resource: a CloudFormation stack from a published template (infra/publish).
#
#   module "bindery" {
#     source       = "./infra/terraform"
#     name         = "bindery-prod"
#     template_url = "https://BUCKET.s3.REGION.amazonaws.com/bindery/bindery.yaml"
#     parameters = {
#       PublicUrl     = "https://bind.example.com"
#       DomainName    = "bind.example.com"
#       TenantId      = "acme"
#       SenderAddress = "no-reply@example.com"
#     }
#   }

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "name" {
  type        = string
  description = "The stack's name: at most 38 characters."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,37}$", var.name))
    error_message = "The name must start with a letter and have at most 38 lower-case letters, digits and hyphens."
  }
}

variable "template_url" {
  type        = string
  description = "The address that infra/publish printed. A new release has a new template at the same or another address."

  validation {
    condition     = can(regex("^https://[^/]+[.]amazonaws[.]com/", var.template_url))
    error_message = "CloudFormation reads templates from S3 only: https://BUCKET.s3.REGION.amazonaws.com/…"
  }
}

variable "parameters" {
  type        = map(string)
  description = "The template's parameters (docs/deploy.md). CloudFormation rejects an invalid value before it creates anything."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of the stack and its resources."
}

variable "notification_arns" {
  type        = list(string)
  default     = []
  description = "SNS topics that receive the stack's events."
}

resource "aws_cloudformation_stack" "bindery" {
  #checkov:skip=CKV_AWS_124:Topics are the caller's to give, in notification_arns.
  name         = var.name
  template_url = var.template_url
  parameters   = var.parameters
  tags         = var.tags

  notification_arns = var.notification_arns

  # The stack creates roles without custom names, and the template is a SAM template, which CloudFormation transforms.
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

  timeouts {
    # The distribution alone can take fifteen minutes.
    create = "60m"
    update = "60m"
    delete = "60m"
  }
}

output "outputs" {
  description = "The stack's outputs, such as ApiUrl, BusName and DistributionDomain."
  value       = aws_cloudformation_stack.bindery.outputs
}
