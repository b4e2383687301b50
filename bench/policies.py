#!/usr/bin/env python3
"""Writes the policies of the measurements.

usage: policies.py admission|plan|assets OUT.yaml [--rules N] [--matching N] [--cel OUT.json] [--rego OUT.rego]

Each rule is a shape with a word filled in. The shapes of `admission` are written twice, by hand: in CEL, which Berm and
cel-go run word for word, and in Rego. --rules says how many guardrails there are (default 100, or as many as there are); with --matching only so many of them match a Deployment, half of the others its kind alone.
"""
import argparse
import json
import sys

C = "object.spec.template.spec.containers"
S = "object.spec.template.spec"
NO_SC = "!has(c.securityContext) || "
LABELS = ["team", "env", "cost-center", "app.kubernetes.io/name", "app.kubernetes.io/version",
          "app.kubernetes.io/managed-by"]
# name, words, CEL, Rego: the body of a rule that holds where the policy passes; o is the object, cs its containers
ADMISSION = [
    ("label", LABELS, "has(object.metadata.labels) && '%s' in object.metadata.labels", 'o.metadata.labels["%s"]'),
    ("label-form", LABELS,
     "!has(object.metadata.labels) || !('%s' in object.metadata.labels) || "
     "object.metadata.labels['%s'].matches('^[A-Za-z0-9.-]{1,63}$')",
     'regex.match(`^[A-Za-z0-9.-]{1,63}$`, object.get(o.metadata, ["labels", "%s"], "a"))'),
    ("host", ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"],
     "!has(%s.%%s) || %s.%%s == false" % (S, S), "not spec.%s"),
    ("not-set", ["privileged", "allowPrivilegeEscalation"],
     C + ".all(c, " + NO_SC + "!has(c.securityContext.%s) || !c.securityContext.%s)",
     "every c in cs { not c.securityContext.%s }"),
    ("set", ["readOnlyRootFilesystem", "runAsNonRoot"],
     C + ".all(c, has(c.securityContext) && has(c.securityContext.%s) && c.securityContext.%s)",
     "every c in cs { c.securityContext.%s }"),
    ("limit", ["cpu", "memory", "ephemeral-storage"],
     C + ".all(c, has(c.resources) && has(c.resources.limits) && '%s' in c.resources.limits)",
     'every c in cs { c.resources.limits["%s"] }'),
    ("request", ["cpu", "memory"],
     C + ".all(c, has(c.resources) && has(c.resources.requests) && '%s' in c.resources.requests)",
     'every c in cs { c.resources.requests["%s"] }'),
    ("registry", ["registry.example.com/", "registry.", "registry.example.com/team-"],
     C + ".all(c, c.image.startsWith('%s'))", 'every c in cs { startswith(c.image, "%s") }'),
    ("tag", [":latest", ":dev", ":main", ":edge", ":nightly"],
     C + ".all(c, c.image.contains(':') && !c.image.endsWith('%s'))",
     'every c in cs {\n    contains(c.image, ":")\n    not endswith(c.image, "%s")\n  }'),
    ("image-form", ["[a-z0-9./-]+:[a-z0-9.-]+", "[^@]+:v[0-9.]+"],
     C + ".all(c, c.image.matches('^%s$'))", "every c in cs { regex.match(`^%s$`, c.image) }"),
    ("capability", ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_OVERRIDE", "SETUID", "NET_RAW", "MKNOD"],
     C + ".all(c, " + NO_SC + "!has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || "
     "!('%s' in c.securityContext.capabilities.add))",
     'every c in cs { not "%s" in object.get(c, ["securityContext", "capabilities", "add"], []) }'),
    ("drop", ["ALL"],
     C + ".all(c, has(c.securityContext) && has(c.securityContext.capabilities) && "
     "has(c.securityContext.capabilities.drop) && '%s' in c.securityContext.capabilities.drop)",
     'every c in cs { "%s" in c.securityContext.capabilities.drop }'),
    ("seccomp", ["RuntimeDefault"],
     C + ".all(c, has(c.securityContext) && has(c.securityContext.seccompProfile) && "
     "c.securityContext.seccompProfile.type == '%s')",
     'every c in cs { c.securityContext.seccompProfile.type == "%s" }'),
    ("variable", ["DEBUG", "PASSWORD", "SECRET", "AWS_SECRET_ACCESS_KEY", "VAR_39", "VAR_38", "LD_PRELOAD"],
     C + ".all(c, !has(c.env) || c.env.all(e, e.name != '%s'))",
     'every c in cs { every e in object.get(c, "env", []) { e.name != "%s" } }'),
    ("secret", ["AKIA", "ghp_", "xoxb-", "-----BEGIN", "sk_live_"],
     "!" + C + ".exists(c, has(c.env) && c.env.exists(e, has(e.value) && e.value.startsWith('%s')))",
     'every c in cs { every e in object.get(c, "env", []) { not startswith(object.get(e, "value", ""), "%s") } }'),
    ("port", ["22", "25", "3389", "8999", "8100", "9200"],
     C + ".all(c, !has(c.ports) || c.ports.all(p, p.containerPort != %s))",
     'every c in cs { every p in object.get(c, "ports", []) { p.containerPort != %s } }'),
    ("volume", ["hostPath", "nfs", "iscsi", "flexVolume", "gitRepo", "csi"],
     "!has(%s.volumes) || %s.volumes.all(v, !has(v.%%s))" % (S, S),
     "every v in object.get(spec, \"volumes\", []) { not v.%s }"),
    ("replicas", ["2", "3", "4"], "object.spec.replicas >= %s && object.spec.replicas <= 50",
     "o.spec.replicas >= %s\n  o.spec.replicas <= 50"),
    ("probe", ["livenessProbe", "readinessProbe"], C + ".all(c, has(c.%s))", "every c in cs { c.%s }"),
    ("policy", ["Always"], C + ".all(c, !has(c.imagePullPolicy) || c.imagePullPolicy != '%s')",
     'every c in cs { object.get(c, "imagePullPolicy", "") != "%s" }'),
    ("annotation", ["seccomp.security.alpha.kubernetes.io/pod", "container.apparmor.security.beta.kubernetes.io/app",
                    "sidecar.istio.io/inject", "linkerd.io/inject"],
     "!has(object.spec.template.metadata.annotations) || !('%s' in object.spec.template.metadata.annotations)",
     'not o.spec.template.metadata.annotations["%s"]'),
    ("toleration", ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane", "dedicated-gpu"],
     "!has(%s.tolerations) || %s.tolerations.all(t, t.key != '%%s')" % (S, S),
     'every t in object.get(spec, "tolerations", []) { t.key != "%s" }'),
    ("name", ["[a-z]([-a-z0-9]*[a-z0-9])?", "app-[0-9]+"], "object.metadata.name.matches('^%s$')",
     "regex.match(`^%s$`, o.metadata.name)"),
    ("namespace", ["payments-prod", "kube-system", "default", "kube-public"], "object.metadata.namespace != '%s'",
     'o.metadata.namespace != "%s"'),
    ("selector", ["app.kubernetes.io/name"],
     "object.spec.selector.matchLabels.all(k, k in object.spec.template.metadata.labels && "
     "object.spec.template.metadata.labels[k] == object.spec.selector.matchLabels[k])",
     "every k, v in o.spec.selector.matchLabels { o.spec.template.metadata.labels[k] == v }"),
    ("containers", ["4", "10"], "size(%s) <= %%s" % C, "count(cs) <= %s"),
    ("mount", ["/var/run/docker.sock", "/proc", "/etc/kubernetes"],
     C + ".all(c, !has(c.volumeMounts) || c.volumeMounts.all(m, m.mountPath != '%s'))",
     'every c in cs { every m in object.get(c, "volumeMounts", []) { m.mountPath != "%s" } }'),
    ("account", ["default", "admin"], "!has(%s.serviceAccountName) || %s.serviceAccountName != '%%s'" % (S, S),
     'object.get(spec, "serviceAccountName", "") != "%s"'),
    ("token", ["automountServiceAccountToken"], "has(%s.%%s) && %s.%%s == false" % (S, S), "spec.%s == false"),
    ("user", ["0", "1000"], C + ".all(c, " + NO_SC + "!has(c.securityContext.runAsUser) || c.securityContext.runAsUser != %s)",
     'every c in cs { object.get(c, ["securityContext", "runAsUser"], 1) != %s }'),
    ("strategy", ["Recreate"], "!has(object.spec.strategy) || object.spec.strategy.type != '%s'",
     'object.get(o.spec, ["strategy", "type"], "") != "%s"'),
]
ANY = "[aws_instance, aws_s3_bucket, aws_security_group, aws_lambda_function, aws_db_instance, aws_sqs_queue, aws_kms_key]"
INSTANCES, DISKS = "[aws_instance, aws_launch_template]", "object.?ebs_block_device.orValue([])"
# name, kinds, words, CEL
PLAN = [
    ("tag", ANY, ["Team", "Environment", "CostCenter", "ManagedBy", "Name"], "has(object.tags) && '%s' in object.tags"),
    ("tag-form", ANY, ["Environment:^(prod|staging|dev)$", "CostCenter:^[0-9]{4}$", "ManagedBy:^terraform$", "Team:^[a-z]+$"],
     "!('{0}' in object.?tags.orValue({{}})) || object.tags['{0}'].matches('{1}')"),
    ("region", ANY, ["cn-north-1", "us-gov-west-1", "ap-southeast-2", "me-south-1"], "object.region != '%s'"),
    ("name", "['aws_*']", ["^[a-z0-9_-]+$", "^[a-z]"], "object.?name.orValue('a').matches('%s')"),
    ("public", INSTANCES, ["associate_public_ip_address"], "object.?%s.orValue(false) == false"),
    ("type", INSTANCES, ["r5.24xlarge", "p4d.24xlarge", "x1e.32xlarge", "t2.micro"], "object.instance_type != '%s'"),
    ("metadata", INSTANCES, ["required"], "object.metadata_options.all(m, m.http_tokens == '%s')"),
    ("hops", INSTANCES, ["1", "2", "3"], "object.metadata_options.all(m, m.http_put_response_hop_limit <= %s)"),
    ("disk", INSTANCES, ["encrypted", "delete_on_termination"], DISKS + ".all(d, d.%s)"),
    ("disk-type", INSTANCES, ["io1", "gp2", "standard", "sc1"], DISKS + ".all(d, d.volume_type != '%s')"),
    ("disk-size", INSTANCES, ["500", "510", "1000", "2000"], DISKS + ".all(d, d.volume_size <= %s)"),
    ("root", INSTANCES, ["encrypted"], "object.root_block_device.all(d, d.%s)"),
    ("flag", INSTANCES, ["monitoring", "ebs_optimized", "source_dest_check"], "object.%s"),
    ("tenancy", INSTANCES, ["host", "dedicated"], "object.tenancy != '%s'"),
    ("groups", INSTANCES, ["1", "5"], "size(object.vpc_security_group_ids) <= %s"),
    ("acl", "[aws_s3_bucket]", ["public-read", "public-read-write", "authenticated-read"], "object.?acl.orValue('') != '%s'"),
    ("versioning", "[aws_s3_bucket]", ["enabled"], "object.versioning.exists(v, v.%s)"),
    ("sse", "[aws_s3_bucket]", ["aws:kms"],
     "object.server_side_encryption_configuration.all(s, s.rule.all(r, "
     "r.apply_server_side_encryption_by_default.all(d, d.sse_algorithm == '%s')))"),
    ("lifecycle", "[aws_s3_bucket]", ["30", "7"], "object.lifecycle_rule.all(r, r.expiration.all(e, e.days >= %s))"),
    ("transition", "[aws_s3_bucket]", ["GLACIER", "STANDARD_IA"],
     "object.lifecycle_rule.exists(r, r.transition.exists(t, t.storage_class == '%s'))"),
    ("destroy", "[aws_s3_bucket]", ["force_destroy"], "!object.%s"),
    ("bucket-name", "[aws_s3_bucket]", ["^[a-z0-9][a-z0-9._-]{1,62}$"], "object.bucket.matches('%s')"),
    ("ingress", "[aws_security_group]", ["22", "3306", "5432", "3389", "80", "443"],
     "object.ingress.all(r, !('0.0.0.0/0' in r.cidr_blocks) || r.from_port > %s || r.to_port < %s)"),
    ("egress", "[aws_security_group]", ["0.0.0.0/0", "::/0"], "object.egress.all(r, !('%s' in r.cidr_blocks))"),
    ("protocol", "[aws_security_group]", ["-1", "udp", "icmp"], "object.ingress.all(r, r.protocol != '%s')"),
    ("described", "[aws_security_group]", ["description"], "object.ingress.all(r, r.%s != '')"),
    ("statement", "[aws_iam_role, aws_iam_policy]", ["s3:*", "iam:PassRole", "kms:*", "*"],
     "!object.policy.contains('\"%s\"')"),
    ("session", "[aws_iam_role]", ["3600", "7200", "14400"], "object.max_session_duration <= %s"),
    ("managed", "[aws_iam_role, aws_iam_policy]", ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"],
     "object.managed_policy_arns.all(a, !a.endsWith('/%s'))"),
    ("path", "[aws_iam_role, aws_iam_policy]", ["/"], "object.path.startsWith('%s')"),
    ("db-private", "[aws_db_instance]", ["publicly_accessible"], "!object.%s"),
    ("db-flag", "[aws_db_instance]", ["storage_encrypted", "multi_az", "deletion_protection"], "object.%s"),
    ("db-backup", "[aws_db_instance]", ["1", "7"], "object.backup_retention_period >= %s"),
    ("db-engine", "[aws_db_instance]", ["mysql", "oracle-ee", "sqlserver-ee"], "object.engine != '%s'"),
    ("db-version", "[aws_db_instance]", ["13", "14"], "int(object.engine_version.split('.')[0]) >= %s"),
    ("runtime", "[aws_lambda_function]", ["python3.7", "nodejs12.x", "ruby2.5", "go1.x"], "object.runtime != '%s'"),
    ("timeout", "[aws_lambda_function]", ["300", "900"], "object.timeout <= %s"),
    ("secret", "[aws_lambda_function]", ["AKIA", "ghp_", "-----BEGIN"],
     "object.environment.all(e, e.variables.all(k, !e.variables[k].startsWith('%s')))"),
    ("memory", "[aws_lambda_function]", ["512", "1024"], "object.memory_size <= %s"),
    ("retention", "[aws_cloudwatch_log_group]", ["7", "30", "365"], "object.retention_in_days >= %s"),
    ("subnet", "[aws_subnet]", ["map_public_ip_on_launch"], "!object.%s"),
    ("cidr", "[aws_subnet, aws_route_table]", ["10."], "object.cidr_block.startsWith('%s')"),
    ("key", "[aws_kms_key, aws_sqs_queue, aws_ebs_volume]", ["arn:aws:kms:us-east-1:"], "object.kms_key_id.startsWith('%s')"),
]
VM = "['compute.googleapis.com/Instance']"
ASSETS = [
    ("label", VM, ["env", "owner"], "'%s' in object.?labels.orValue({})"),
    ("zone", VM, ["asia-", "cn-", "me-"], "!object.zone.startsWith('%s')"),
    ("shield", VM, ["enableSecureBoot", "enableVtpm", "enableIntegrityMonitoring"], "object.shieldedInstanceConfig.%s"),
    ("type", VM, ["m2-ultramem-416", "a2-megagpu-16g"], "object.machineType != '%s'"),
    ("forward", VM, ["canIpForward"], "!object.%s"),
    ("protected", VM, ["deletionProtection"], "object.%s"),
    ("disk-key", VM, ["diskEncryptionKey"], "object.disks.all(d, has(d.%s))"),
    ("address", VM, ["accessConfigs"], "object.networkInterfaces.all(n, !has(n.%s))"),
    ("network", VM, ["/default", "/legacy"], "object.networkInterfaces.all(n, !n.network.endsWith('%s'))"),
    ("scope", VM, ["cloud-platform", "compute"], "object.serviceAccounts.all(a, a.scopes.all(s, !s.endsWith('/auth/%s')))"),
    ("name", VM, ["^vm-[0-9]+$"], "object.name.matches('%s')"),
    ("status", VM, ["TERMINATED"], "object.status != '%s'"),
]


def fill(shape, word):
    if "{0}" in shape:
        return shape.format(*word.split(":", 1))
    return shape.replace("%s", word)


def guardrail(name, match, expression):
    return (f"guardrail: bench-{name}\ntitle: Measured\nmatch: {match}\nvalidations:\n"
            f"  - {{name: v, expression: {json.dumps(expression)}}}\n")


def admission_rules():
    """(name, CEL, Rego) of each rule."""
    return [(f"{name}-{i}", fill(cel, word), fill(rego, word))
            for name, words, cel, rego in ADMISSION for i, word in enumerate(words)]


def crowd(rules, count, matching):
    """COUNT guardrails, MATCHING of which judge a Deployment: of the others half are for Deployments of another name."""
    out = []
    for i in range(count):
        name, cel, _ = rules[i % len(rules)]
        if i < matching:
            out.append(guardrail(f"{i}-{name}", "{target: kubernetes, kinds: [apps/Deployment]}", cel))
        elif i % 2:
            kind = f"{{target: kubernetes, kinds: [example.com/Kind{i}]}}"
            out.append(guardrail(f"{i}-{name}", kind, cel))
        else:
            out.append(guardrail(f"{i}-{name}", "{target: kubernetes, kinds: [apps/Deployment]}", cel).replace(
                "validations:", "matchConditions:\n  - {name: m, expression: "
                f"\"object.metadata.name == 'other-{i}'\"}}\nvalidations:"))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["admission", "plan", "assets"])
    parser.add_argument("out")
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--matching", type=int)
    parser.add_argument("--cel")
    parser.add_argument("--rego")
    options = parser.parse_args()
    if options.what == "admission":
        rules = admission_rules()[:None if options.matching else options.rules]
        match = "{target: kubernetes, kinds: [apps/Deployment]}"
        texts = [guardrail(name, match, cel) for name, cel, _ in rules]
        if options.matching is not None:
            texts = crowd(rules, options.rules, options.matching)
    else:
        target, shapes = ("terraform", PLAN) if options.what == "plan" else ("gcp-asset", ASSETS)
        texts = [guardrail(f"{name}-{i}", f"{{target: {target}, kinds: {kinds}}}", fill(cel, word))
                 for name, kinds, words, cel in shapes for i, word in enumerate(words)][:options.rules]
    with open(options.out, "w", encoding="utf-8") as out:
        out.write("---\n".join(texts))
    if options.cel:
        with open(options.cel, "w", encoding="utf-8") as out:
            json.dump([{"name": f"bench-{name}", "expression": cel} for name, cel, _ in rules], out)
    if options.rego:
        with open(options.rego, "w", encoding="utf-8") as out:
            out.write("package bench\n\nimport rego.v1\n\no := input.request.object\nspec := o.spec.template.spec\n"
                      "cs := spec.containers\n")
            for name, _, rego in rules:
                out.write(f'\npassed contains "bench-{name}" if {{\n  {rego}\n}}\n')
    print(len(texts), "guardrails", file=sys.stderr)


if __name__ == "__main__":
    main()
