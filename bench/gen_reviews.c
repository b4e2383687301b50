/* AdmissionReviews of Deployments, and assets of Google Cloud. No two are alike: names, images, what
   is there and what is not are thrown for each. */
#include "gen.h"

static const char *const review_teams[] = {"payments", "search",   "platform",
                                           "ml",       "identity", "billing"};
static const char *const review_envs[] = {"prod", "staging", "dev"};

static void put_labels(gen_text *out, gen_die *die, uint32_t number)
{
    gen_put(out,
            "\"labels\":{\"app.kubernetes.io/name\":\"app-%u\",\"app.kubernetes.io/"
            "version\":\"1.%u.%u\","
            "\"app.kubernetes.io/managed-by\":\"Helm\",\"env\":\"%s\",",
            number, gen_throw(die, 20), gen_throw(die, 20), GEN_PICK(die, review_envs));
    if (!gen_chance(die, 5)) gen_put(out, "\"team\":\"%s\",", GEN_PICK(die, review_teams));
    if (!gen_chance(die, 5)) gen_put(out, "\"cost-center\":\"%u\",", 1000 + gen_throw(die, 9000));
    gen_uncomma(out);
    gen_put(out, "}");
}

static void put_probe(gen_text *out, gen_die *die, const char *key, const char *path)
{
    gen_put(
        out,
        "\"%s\":{\"httpGet\":{\"path\":\"%s\",\"port\":8080,\"scheme\":\"HTTP\"},"
        "\"initialDelaySeconds\":%u,"
        "\"timeoutSeconds\":1,\"periodSeconds\":10,\"successThreshold\":1,\"failureThreshold\":3},",
        key, path, gen_throw(die, 30));
}

static void put_environment(gen_text *out, gen_die *die)
{
    gen_put(out, "\"env\":[");
    for (uint32_t i = 0, count = 2 + gen_throw(die, 6); i < count; i++) {
        gen_put(out, "{\"name\":\"VAR_%u\",\"value\":\"", gen_throw(die, 40));
        if (gen_chance(die, 1)) gen_put(out, "AKIA");
        gen_hex(out, die, 8 + gen_throw(die, 12));
        gen_put(out, "\"},");
    }
    gen_put(out, "{\"name\":\"POD_NAME\",\"valueFrom\":{\"fieldRef\":{\"apiVersion\":\"v1\","
                 "\"fieldPath\":\"metadata.name\"}}}],");
}

static void put_security(gen_text *out, gen_die *die)
{
    static const char *const capabilities[] = {"NET_BIND_SERVICE", "CHOWN", "SETUID", "SYS_ADMIN",
                                               "NET_ADMIN"};
    gen_put(out,
            "\"securityContext\":{\"allowPrivilegeEscalation\":%s,\"privileged\":%s,"
            "\"readOnlyRootFilesystem\":%s,",
            gen_chance(die, 2) ? "true" : "false", gen_chance(die, 2) ? "true" : "false",
            gen_chance(die, 97) ? "true" : "false");
    if (!gen_chance(die, 2)) gen_put(out, "\"runAsNonRoot\":true,");
    gen_put(out, "\"runAsUser\":%u,\"capabilities\":{\"drop\":[\"ALL\"]",
            1000 + gen_throw(die, 100));
    if (gen_chance(die, 20)) gen_put(out, ",\"add\":[\"%s\"]", GEN_PICK(die, capabilities));
    gen_put(out, "},\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}");
}

static void put_container(gen_text *out, gen_die *die, uint32_t i)
{
    gen_put(out,
            "{\"name\":\"c%u\",\"image\":\"%s/team-%u/"
            "app-%u:%s%u\",\"imagePullPolicy\":\"IfNotPresent\","
            "\"command\":[\"/bin/app\",\"--config\",\"/etc/app/config.yaml\",\"--log-level=info\"],"
            "\"ports\":[{\"name\":\"http\",\"containerPort\":%u,\"protocol\":\"TCP\"},"
            "{\"name\":\"metrics\",\"containerPort\":%u,\"protocol\":\"TCP\"}],",
            i, gen_chance(die, 98) ? "registry.example.com" : "docker.io", gen_throw(die, 30),
            gen_throw(die, 999), gen_chance(die, 98) ? "v1." : "latest-", gen_throw(die, 99),
            8000 + gen_throw(die, 1000), 9000 + gen_throw(die, 1000));
    put_environment(out, die);
    gen_put(out, "\"resources\":{\"requests\":{\"cpu\":\"%um\",\"memory\":\"128Mi\"}%s},",
            50 + gen_throw(die, 500),
            gen_chance(die, 96) ? ",\"limits\":{\"cpu\":\"2\",\"memory\":\"512Mi\"}" : "");
    if (!gen_chance(die, 3)) put_probe(out, die, "livenessProbe", "/healthz");
    if (!gen_chance(die, 3)) put_probe(out, die, "readinessProbe", "/ready");
    gen_put(out,
            "\"volumeMounts\":[{\"name\":\"config\",\"mountPath\":\"/etc/app\",\"readOnly\":true},"
            "{\"name\":\"tmp\",\"mountPath\":\"/tmp\"}],\"terminationMessagePath\":\"/dev/"
            "termination-log\","
            "\"terminationMessagePolicy\":\"File\",");
    put_security(out, die);
    gen_put(out, "},");
}

static void put_managed_fields(gen_text *out, gen_die *die)
{
    static const char *const keys[] = {"progressDeadlineSeconds",
                                       "replicas",
                                       "revisionHistoryLimit",
                                       "selector",
                                       "strategy",
                                       "template"};
    gen_put(
        out,
        "\"managedFields\":[{\"manager\":\"helm\",\"operation\":\"Update\",\"apiVersion\":\"apps/"
        "v1\","
        "\"time\":\"2026-05-01T10:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{");
    for (uint32_t i = 0; i < 6; i++)
        gen_put(out, "\"f:%s\":%s,", keys[i],
                gen_chance(die, 50) ? "{\"f:a\":{},\"f:b\":{},\"f:c\":{}}" : "{}");
    gen_uncomma(out);
    gen_put(out, "}}}]");
}

static void put_pod_spec(gen_text *out, gen_die *die, uint32_t containers)
{
    gen_put(out,
            "\"spec\":{\"volumes\":[{\"name\":\"config\",\"configMap\":{\"name\":\"config\","
            "\"defaultMode\":420}},"
            "{\"name\":\"tmp\",\"%s\":{}}],\"containers\":[",
            gen_chance(die, 98) ? "emptyDir" : "hostPath");
    for (uint32_t i = 0; i < containers; i++) put_container(out, die, i);
    gen_uncomma(out);
    gen_put(
        out,
        "],\"restartPolicy\":\"Always\",\"terminationGracePeriodSeconds\":30,\"dnsPolicy\":"
        "\"ClusterFirst\","
        "\"serviceAccountName\":\"app\",\"automountServiceAccountToken\":%s,%s"
        "\"securityContext\":{\"runAsNonRoot\":true,\"fsGroup\":2000},\"schedulerName\":\"default-"
        "scheduler\","
        "\"nodeSelector\":{\"kubernetes.io/os\":\"linux\"},\"tolerations\":[{\"key\":\"dedicated\","
        "\"operator\":\"Equal\",\"value\":\"%s\",\"effect\":\"NoSchedule\"}]}",
        gen_chance(die, 95) ? "false" : "true", gen_chance(die, 2) ? "\"hostNetwork\":true," : "",
        GEN_PICK(die, review_teams));
}

static void put_review(gen_text *out, gen_die *die, uint32_t number, uint32_t containers)
{
    const char *space = GEN_PICK(die, review_teams);
    gen_put(out, "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/"
                 "v1\",\"request\":{\"uid\":\"");
    gen_hex(out, die, 32);
    gen_put(
        out,
        "\",\"kind\":{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"},\"resource\":{"
        "\"group\":\"apps\",\"version\":\"v1\",\"resource\":\"deployments\"},\"name\":\"app-%u\","
        "\"namespace\":\"%s-prod\",\"operation\":\"%s\",\"userInfo\":{\"username\":\"system:"
        "serviceaccount:argocd:"
        "argocd-application-controller\",\"uid\":\"014fbff9a07c\",\"groups\":[\"system:"
        "serviceaccounts\","
        "\"system:authenticated\"]},\"object\":{\"kind\":\"Deployment\",\"apiVersion\":\"apps/"
        "v1\",\"metadata\":{"
        "\"name\":\"app-%u\",\"namespace\":\"%s-prod\",\"uid\":\"",
        number, space, gen_chance(die, 50) ? "UPDATE" : "CREATE", number, space);
    gen_hex(out, die, 32);
    gen_put(out,
            "\",\"resourceVersion\":\"%u\",\"generation\":%u,\"creationTimestamp\":\"2026-05-01T10:"
            "00:00Z\",",
            gen_throw(die, 1000000000), gen_throw(die, 20));
    put_labels(out, die, number);
    gen_put(out,
            ",\"annotations\":{\"deployment.kubernetes.io/revision\":\"%u\",\"meta.helm.sh/"
            "release-name\":\"app\","
            "\"checksum/config\":\"",
            gen_throw(die, 20));
    gen_hex(out, die, 64);
    gen_put(out, "\"},");
    put_managed_fields(out, die);
    gen_put(out,
            "},\"spec\":{\"replicas\":%u,\"selector\":{\"matchLabels\":{\"app.kubernetes.io/"
            "name\":\"app-%u\"}},"
            "\"template\":{\"metadata\":{",
            1 + gen_throw(die, 6), number);
    put_labels(out, die, number);
    gen_put(out, ",\"annotations\":{\"prometheus.io/scrape\":\"true\"}},");
    put_pod_spec(out, die, containers);
    gen_put(
        out,
        "},\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%%\","
        "\"maxSurge\":\"25%%\"}},\"revisionHistoryLimit\":10,\"progressDeadlineSeconds\":600}},"
        "\"oldObject\":null,"
        "\"dryRun\":false,\"options\":{\"kind\":\"CreateOptions\",\"apiVersion\":\"meta.k8s.io/"
        "v1\"}}}\n");
}

void gen_reviews(gen_text *out, uint32_t count, uint32_t containers)
{
    gen_die die = {5};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t thrown = 1 + gen_throw(&die, 10);
        put_review(out, &die, i, containers ? containers : thrown);
    }
}

static void put_asset(gen_text *out, gen_die *die, uint32_t number)
{
    static const char *const zones[] = {"europe-west1-b", "us-central1-a", "asia-east1-c"};
    const char *zone = GEN_PICK(die, zones);
    uint32_t project = gen_throw(die, 300);
    gen_put(out,
            "{\"name\":\"//compute.googleapis.com/projects/p-%u/zones/%s/instances/vm-%u\","
            "\"asset_type\":\"compute.googleapis.com/Instance\",\"ancestors\":[\"projects/"
            "%u\",\"folders/42\","
            "\"organizations/"
            "7\"],\"update_time\":\"2026-05-01T10:00:00Z\",\"resource\":{\"version\":\"v1\","
            "\"discovery_name\":\"Instance\",\"parent\":\"//cloudresourcemanager.googleapis.com/"
            "projects/%u\",\"data\":{"
            "\"name\":\"vm-%u\",\"zone\":\"%s\",\"machineType\":\"%s\",\"status\":\"RUNNING\","
            "\"canIpForward\":%s,"
            "\"deletionProtection\":%s,\"labels\":{\"env\":\"%s\",\"owner\":\"%s\"},",
            project, zone, number, project, project, number, zone,
            gen_chance(die, 95) ? "n2-standard-4" : "m2-ultramem-416",
            gen_chance(die, 3) ? "true" : "false", gen_chance(die, 95) ? "true" : "false",
            GEN_PICK(die, review_envs), GEN_PICK(die, review_teams));
    gen_put(
        out,
        "\"disks\":[{\"boot\":true,\"autoDelete\":true,\"deviceName\":\"boot\",\"diskSizeGb\":\"%"
        "u\","
        "\"interface\":\"SCSI\",\"mode\":\"READ_WRITE\",\"source\":\"projects/p-%u/zones/%s/disks/"
        "vm-%u\"%s}],",
        10 + gen_throw(die, 500), project, zone, number,
        gen_chance(die, 95)
            ? ",\"diskEncryptionKey\":{\"kmsKeyName\":\"projects/p/locations/global/keyRings/r/k\"}"
            : "");
    gen_put(out,
            "\"networkInterfaces\":[{\"name\":\"nic0\",\"network\":\"projects/p-%u/global/networks/"
            "%s\","
            "\"networkIP\":\"10.%u.%u.%u\",\"stackType\":\"IPV4_ONLY\"%s}],",
            project, gen_chance(die, 97) ? "main" : "default", gen_throw(die, 256),
            gen_throw(die, 256), gen_throw(die, 256),
            gen_chance(die, 4)
                ? ",\"accessConfigs\":[{\"name\":\"External NAT\",\"type\":\"ONE_TO_ONE_NAT\"}]"
                : "");
    gen_put(out,
            "\"scheduling\":{\"automaticRestart\":true,\"onHostMaintenance\":\"MIGRATE\","
            "\"preemptible\":false},"
            "\"serviceAccounts\":[{\"email\":\"vm@p-%u.iam.gserviceaccount.com\",\"scopes\":["
            "\"https://www.googleapis.com/auth/"
            "%s\"]}],\"shieldedInstanceConfig\":{\"enableSecureBoot\":%s,"
            "\"enableVtpm\":true,\"enableIntegrityMonitoring\":true},\"tags\":{\"items\":[\"http\"]"
            ",\"fingerprint\":\"",
            project, gen_chance(die, 95) ? "logging.write" : "cloud-platform",
            gen_chance(die, 95) ? "true" : "false");
    gen_hex(out, die, 12);
    gen_put(out, "\"},\"fingerprint\":\"");
    gen_hex(out, die, 12);
    gen_put(out, "\"}}}\n");
}

void gen_assets(gen_text *out, uint32_t count)
{
    gen_die die = {11};
    for (uint32_t i = 0; i < count; i++) put_asset(out, &die, i);
}
