/* Documents that take every allocating path of the readers. */
#ifndef BERM_TESTS_TEXTS_H
#define BERM_TESTS_TEXTS_H

#define JSON_TEXT \
    "{\"list\": [1, -2, 3.5e10, true, false, null, [], {}, [[[[]]]]],\n" \
    " \"escaped \\u00e9\\n\": \"\\ud83d\\ude00 and \\\"quotes\\\"\",\n" \
    " \"twice\": 1, \"twice\": 2, \"big\": 18446744073709551615,\n" \
    " \"wide\": {\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5, \"f\": 6, \"g\": 7, \"h\": 8, " \
    "\"i\": 9, \"j\": 10,\n" \
    "   \"k\": 11, \"l\": 12, \"m\": 13, \"n\": 14, \"o\": 15, \"p\": 16, \"q\": 17, \"r\": 18, " \
    "\"s\": 19}}\n"

#define NDJSON_TEXT "{\"a\": 1}\n{\"a\": [2, 3]}\n{\"a\": \"\\t\"}\n"

#define YAML_TEXT \
    "%YAML 1.2\n---\n" \
    "base: &base {image: nginx, ports: [80, 443], on: yes, mode: 0444}\n" \
    "web:\n  <<: *base\n  image: 'it''s'\n  script: |\n    line one\n    line two\n  folded: " \
    ">-\n    one\n    two\n\n    three\n" \
    "quoted: \"tab\\t, \\u263a\"\n? plain key\n: 1\n" \
    "aliases: [*base, *base]\ntagged: !!str 12\nshort: !Sub '${A}'\n" \
    "att: !GetAtt a.b.c\nbytes: !!binary Zm9v\nall: {<<: [*base, {more: 1}]}\n" \
    "---\n- second\n- 2.5\n- ~\n...\n"

#define UTF16_TEXT "\xff\xfe{\0\"\0a\0\"\0:\0\"\0\xe9\0\"\0}\0"

/* A guardrail that uses every part: conditions, parameters, variables, elements, messages,
   tests, derived kinds. */
#define POLICY_TEXT \
    "guardrail: images\n" \
    "title: Images come from known registries\n" \
    "severity: high\n" \
    "enforcement: soft-mandatory\n" \
    "category: supply-chain\n" \
    "controls: [{framework: nist-800-53, version: r5, id: SR-3}]\n" \
    "match: {kinds: [container]}\n" \
    "matchConditions:\n" \
    "  - {name: not-a-sidecar, expression: \"resource.name != 'istio-proxy'\"}\n" \
    "parameters:\n" \
    "  allowed: {type: [string], default: [ghcr.io/acme/, registry.k8s.io/]}\n" \
    "variables:\n" \
    "  - {name: tagged, expression: \"object.image.contains(':') ? object.image : object.image + " \
    "':latest'\"}\n" \
    "validations:\n" \
    "  - name: registry\n" \
    "    expression: params.allowed.exists(p, variables.tagged.startsWith(p))\n" \
    "    message: '{variables.tagged} is from none of {params.allowed}'\n" \
    "  - name: ports\n" \
    "    each: object.?ports.orValue([])\n" \
    "    expression: \"item.containerPort > 1024 || " \
    "item.?name.orValue('').matches('^[a-z]+-[a-z]+$')\"\n" \
    "    message: 'port {item.containerPort} ({key}) of {object.name}'\n" \
    "tests:\n" \
    "  - {name: elsewhere, kind: container, object: {name: a, image: 'evil/a:1'}, expect: " \
    "{registry: fail}}\n" \
    "---\n" \
    "guardrail: tags\n" \
    "title: Resources say whose they are\n" \
    "severity: low\n" \
    "enforcement: advisory\n" \
    "match: {target: terraform, kinds: ['aws_*']}\n" \
    "parameters:\n" \
    "  required: {type: [string], default: [owner, cost-center]}\n" \
    "validations:\n" \
    "  - {name: present, each: params.required, expression: key in resource.tags, message: 'tag " \
    "{key} is missing'}\n" \
    "---\n" \
    "guardrail: joined\n" \
    "title: Nothing stands alone\n" \
    "match: {kinds: ['aws_*', Deployment]}\n" \
    "validations:\n" \
    "  - {name: linked, expression: \"linked('*').exists(r, configured(r.name)) || " \
    "resources('Pod').size() > 0\"}\n" \
    "tests:\n" \
    "  - {name: given, kind: aws_s3_bucket, object: {a: b}, linked: [{kind: a, resource: {name: " \
    "a}}], expect: {linked: pass}}\n"

/* Small targets under the names of the built-in ones: a set with them takes every step of a
   compilation, and a fiftieth of its allocations. */
#define TARGETS_TEXT \
    "target: terraform\ntitle: Plans\ndetect: \"'format_version' in input\"\n" \
    "resources: [{path: 'resource_changes[*]', kind: item.type, name: item.name, address: " \
    "item.address, object: item.change.after, tags: 'item.change.after.?tags.orValue({})'}]\n" \
    "---\n" \
    "target: kubernetes\ntitle: Manifests\ndetect: \"'kind' in input\"\n" \
    "resources: [{path: '', kind: \"'apps/' + item.kind\", name: item.metadata.name, address: " \
    "item.metadata.name}]\n" \
    "---\n" \
    "kind: container\nof: {target: kubernetes, kinds: ['apps/*']}\n" \
    "each: object.spec.containers\nname: item.name\n" \
    "---\n"

#define BROKEN_POLICY_TEXT \
    "guardrail: broken\n" \
    "tittle: a key nobody knows\n" \
    "severity: enormous\n" \
    "match: {kinds: 7}\n" \
    "validations:\n" \
    "  - {name: syntax, expression: 'object.a ==', message: '{object.'}\n" \
    "  - {name: names, expression: 'objekt.a && nothing(1)'}\n" \
    "---\n" \
    "what: is this\n" \
    "---\n" \
    "guardrail: broken\n"

/* Every dialect, with what they refer to. */
#define DIALECTS_TEXT \
    "apiVersion: admissionregistration.k8s.io/v1\n" \
    "kind: ValidatingAdmissionPolicy\n" \
    "metadata: {name: replicas}\n" \
    "spec:\n" \
    "  paramKind: {apiVersion: v1, kind: ConfigMap}\n" \
    "  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: " \
    "['*'], " \
    "resources: [deployments]}], namespaceSelector: {matchLabels: {team: shop}}}\n" \
    "  variables: [{name: count, expression: 'object.spec.?replicas.orValue(1)'}]\n" \
    "  validations: [{expression: variables.count > 3, messageExpression: \"'in ' + " \
    "request.namespace\"}]\n" \
    "  auditAnnotations: [{key: count, valueExpression: string(variables.count)}]\n" \
    "---\n" \
    "apiVersion: admissionregistration.k8s.io/v1\n" \
    "kind: ValidatingAdmissionPolicyBinding\n" \
    "metadata: {name: all}\n" \
    "spec: {policyName: replicas, validationActions: [Deny], paramRef: {selector: {}}}\n" \
    "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}}\n" \
    "---\n{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {team: shop}}}\n" \
    "---\n" \
    "apiVersion: templates.gatekeeper.sh/v1\n" \
    "kind: ConstraintTemplate\n" \
    "metadata: {name: k}\n" \
    "spec: {crd: {spec: {names: {kind: K}, validation: {openAPIV3Schema: {default: {}, " \
    "properties: {a: {default: [{}], items: {properties: {b: {default: 1}}}}}}}}}, targets: " \
    "[{target: t, code: [{engine: K8sNativeValidation, source: {validations: [{expression: " \
    "'variables.params.a[0].b == 1'}]}}]}]}\n" \
    "---\n{apiVersion: constraints.gatekeeper.sh/v1, kind: K, metadata: {name: one}}\n" \
    "---\n" \
    "apiVersion: kyverno.io/v1\n" \
    "kind: ClusterPolicy\n" \
    "metadata: {name: pods}\n" \
    "spec: {rules: [{name: r, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {cel: " \
    "{expressions: [{expression: 'object.spec.containers.size() > 2'}]}}}]}\n"

#define PLAN_TEXT \
    "{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.0\", \"complete\": true, " \
    "\"resource_changes\": [\n" \
    "  {\"address\": \"aws_s3_bucket.logs\", \"mode\": \"managed\", \"type\": \"aws_s3_bucket\", " \
    "\"name\": \"logs\",\n" \
    "   \"provider_name\": \"registry.terraform.io/hashicorp/aws\", \"change\": {\"actions\": " \
    "[\"create\"],\n" \
    "   \"before\": null, \"after\": {\"bucket\": \"logs\", \"tags\": {\"owner\": \"ops\"}, " \
    "\"password\": \"x\"},\n" \
    "   \"after_unknown\": {\"arn\": true, \"tags\": {\"cost-center\": true}}, " \
    "\"before_sensitive\": false,\n" \
    "   \"after_sensitive\": {\"password\": true}}}],\n" \
    " \"configuration\": {\"root_module\": {\"resources\": [{\"address\": " \
    "\"aws_s3_bucket.logs\",\n" \
    "  \"expressions\": {\"bucket\": {\"references\": [\"module.m.id\", \"module.m\"]}}}],\n" \
    "  \"module_calls\": {\"m\": {\"module\": {\"outputs\": {\"id\": {\"expression\":\n" \
    "   {\"references\": [\"aws_s3_bucket.logs[0].id\", \"local.id\"]}}}}}}}}}\n"

#define MANIFESTS_TEXT \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    " \
    "spec:\n" \
    "      containers:\n      - {name: web, image: nginx, ports: [{containerPort: 80, name: " \
    "http-a}, {containerPort: 22}]}\n" \
    "      - {name: side, image: 'ghcr.io/acme/side:1'}\n" \
    "---\napiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: " \
    "istio-proxy, image: x}]}\n"

#define EXPRESSION_TEXT \
    "object.resource_changes.map(r, r.address + ':' + string(size(r.change.after))).filter(a, " \
    "a.matches('^a[a-z_.]*:[0-9]+$'))"

#endif
