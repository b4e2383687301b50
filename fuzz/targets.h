/* Targets that the fuzz targets bring along: the shipped ones are so large that compiling them would
   take nearly all of a fuzzer's time. */
#ifndef BERM_FUZZ_TARGETS_H
#define BERM_FUZZ_TARGETS_H

/* Kubernetes as the shipped target reads it, without Lists, links and most kinds. */
#define FUZZ_KUBERNETES \
    "target: kubernetes\n" \
    "title: Kubernetes objects\n" \
    "detect: has(input.apiVersion) && has(input.kind) && input.kind != 'AdmissionReview'\n" \
    "nulls: missing\n" \
    "yaml: '1.1'\n" \
    "joins: run\n" \
    "bareKinds: [v1/Pod, v1/Namespace, v1/ConfigMap, v1/Service, apps/Deployment, " \
    "apps/StatefulSet, batch/Job, batch/CronJob]\n" \
    "resources:\n" \
    "  - path: .\n" \
    "    kind: item.apiVersion.split('/')[0] + '/' + item.kind\n" \
    "    name: item.?metadata.?name.orValue('')\n" \
    "    address: \"([item.apiVersion.split('/')[0], item.kind] + " \
    "asList(item.?metadata.?namespace) + asList(item.?metadata.?name)).join('/')\"\n" \
    "    sensitive: \"item.kind == 'Secret' ? {'data': true} : {}\"\n" \
    "    tags: item.?metadata.?labels.orValue({})\n" \
    "    names: \"[item.kind + '/' + item.?metadata.?name.orValue('')]\"\n" \
    "    refers: asList(item.?metadata.?namespace).map(n, 'Namespace/' + n)\n" \
    "---\n" \
    "kind: pod\n" \
    "of: {target: kubernetes, kinds: [v1/Pod]}\n" \
    "each: asList(object.?spec)\n" \
    "---\n" \
    "kind: pod\n" \
    "of: {target: kubernetes, kinds: [apps/*, batch/Job]}\n" \
    "each: asList(object.?spec.?template.?spec)\n" \
    "---\n" \
    "kind: container\n" \
    "of: {target: kubernetes, kinds: [pod]}\n" \
    "each: asList(object.?containers) + asList(object.?initContainers)\n" \
    "name: item.name\n"

/* Plans of Terraform: what is planned and what is unknown or sensitive of it. */
#define FUZZ_TERRAFORM \
    "target: terraform\n" \
    "title: Terraform plans\n" \
    "detect: has(input.resource_changes)\n" \
    "nulls: missing\n" \
    "resources:\n" \
    "  - path: resource_changes[*]\n" \
    "    where: item.?mode.orValue('managed') == 'managed'\n" \
    "    kind: item.type\n" \
    "    name: item.name\n" \
    "    address: item.address\n" \
    "    object: item.change.?after.orValue(null)\n" \
    "    oldObject: item.change.?before.orValue(null)\n" \
    "    unknown: item.change.?after_unknown\n" \
    "    sensitive: item.change.?after_sensitive\n" \
    "    oldSensitive: item.change.?before_sensitive\n" \
    "    tags: item.change.?after.?tags.orValue({})\n" \
    "    action: \"item.change.actions == ['no-op'] ? 'no-op' : item.change.actions[0]\"\n" \
    "    refers: '[]'\n" \
    "    names: '[item.address]'\n"

#endif
