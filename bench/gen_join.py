#!/usr/bin/env python3
"""A Terraform plan with N buckets and N public access blocks that refer to them, for bench/join.

usage: gen_join.py N [each] > plan.json      each: one resource of each with for_each, instead of N"""
import json
import sys


def change(address, kind, name, unknown):
    return {"address": address, "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": ["create"], "before": None, "after": {"force_destroy": False},
                       "after_unknown": {unknown: True}, "after_sensitive": {}}}


def main():
    count, each = int(sys.argv[1]), sys.argv[2:] == ["each"]
    bucket, block = "aws_s3_bucket", "aws_s3_bucket_public_access_block"
    changes, resources = [], []
    for i in range(count):
        name = f'b["{i}"]' if each else f"b{i}"
        changes.append(change(f"{bucket}.{name}", bucket, name, "id"))
        changes.append(change(f"{block}.{name}", block, name, "bucket"))
    for i in range(1 if each else count):
        name = "b" if each else f"b{i}"
        key = ["each.key"] if each else []
        resources.append({"address": f"{bucket}.{name}", "type": bucket, "expressions": {}})
        resources.append({"address": f"{block}.{name}", "type": block, "expressions": {"bucket": {
            "references": [f"{bucket}.{name}.id", f"{bucket}.{name}"] + key}}})
    json.dump({"format_version": "1.2", "resource_changes": changes,
               "configuration": {"root_module": {"resources": resources}}}, sys.stdout)


main()
