/* Terraform plans as `terraform show -json` prints them: planned values, changes, the state before
   and the configuration, each instance in all of them, as plans have it. */
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct plan_texts {
    gen_text planned, changes, prior, configured;
    gen_text values, after, shape; /* of the instance */
    gen_die die;
} plan_texts;

static const char *const plan_teams[] = {"payments", "search",   "platform", "data",
                                         "ml",       "identity", "billing",  "edge"};
static const char *const plan_regions[] = {"us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2"};

static void put_tags(gen_text *v, gen_die *die, const char *key, const char *name)
{
    gen_put(v, "\"%s\":{\"Name\":\"%s\",\"Environment\":\"%s\",\"CostCenter\":\"%u\",", key, name,
            gen_chance(die, 50) ? "prod" : "staging", 1000 + gen_throw(die, 9000));
    if (!gen_chance(die, 4)) gen_put(v, "\"Team\":\"%s\",", GEN_PICK(die, plan_teams));
    if (gen_chance(die, 5)) gen_put(v, "\"Owner\":\"J\303\266rg \303\205str\303\266m\",");
    if (gen_chance(die, 30)) gen_put(v, "\"DataClassification\":\"internal\",");
    gen_put(v, "\"ManagedBy\":\"terraform\"},");
}

/* A policy document as JSON in a string. */
static void put_policy(gen_text *v, gen_die *die, const char *key, const char *name)
{
    static const char *const actions[] = {"s3:GetObject",  "s3:PutObject",
                                          "kms:Decrypt",   "logs:CreateLogStream",
                                          "ec2:Describe*", "sts:AssumeRole"};
    gen_put(v, "\"%s\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[", key);
    for (uint32_t i = 0, count = 1 + gen_throw(die, 4); i < count; i++) {
        gen_put(v,
                "%s{\\\"Sid\\\":\\\"S%u\\\",\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":[\\\"%"
                "s\\\",\\\"%s\\\"],",
                i ? "," : "", i, GEN_PICK(die, actions),
                gen_chance(die, 3) ? "s3:*" : GEN_PICK(die, actions));
        gen_put(v,
                "\\\"Resource\\\":[\\\"arn:aws:s3:::%s/"
                "*\\\",\\\"arn:aws:kms:us-east-1:123456789012:key/",
                name);
        gen_hex(v, die, 32);
        gen_put(v, "\\\"]}");
    }
    gen_put(v, "]}\",");
}

static void put_disk(gen_text *v, gen_die *die, const char *name)
{
    gen_put(v,
            "{\"delete_on_termination\":true,\"device_name\":\"/dev/"
            "sd%c\",\"encrypted\":%s,\"iops\":3000,"
            "\"kms_key_id\":\"arn:aws:kms:us-east-1:123456789012:key/"
            "%s\",\"snapshot_id\":\"\",\"tags\":{},"
            "\"throughput\":125,\"volume_id\":\"vol-",
            "bcd"[gen_throw(die, 3)], gen_chance(die, 95) ? "true" : "false", name);
    gen_hex(v, die, 17);
    gen_put(v, "\",\"volume_size\":%u,\"volume_type\":\"gp3\"},", 20 + gen_throw(die, 500));
}

static void put_instance(gen_text *v, gen_die *die, const char *name)
{
    gen_put(v, "\"ami\":\"ami-");
    gen_hex(v, die, 17);
    gen_put(v,
            "\",\"instance_type\":\"%s\",\"associate_public_ip_address\":%s,\"availability_zone\":"
            "\"us-east-1a\","
            "\"cpu_core_count\":%u,\"cpu_options\":[{\"amd_sev_snp\":\"\",\"core_count\":2,"
            "\"threads_per_core\":2}],"
            "\"credit_specification\":[],\"disable_api_termination\":false,\"ebs_optimized\":true,"
            "\"ebs_block_device\":[",
            gen_chance(die, 97) ? "m5.large" : "r5.24xlarge", gen_chance(die, 5) ? "true" : "false",
            1 + gen_throw(die, 8));
    for (uint32_t i = 0, count = gen_throw(die, 4); i < count; i++) put_disk(v, die, name);
    gen_uncomma(v);
    gen_put(v,
            "],\"metadata_options\":[{\"http_endpoint\":\"enabled\",\"http_protocol_ipv6\":"
            "\"disabled\","
            "\"http_put_response_hop_limit\":1,\"http_tokens\":\"%s\",\"instance_metadata_tags\":"
            "\"disabled\"}],",
            gen_chance(die, 94) ? "required" : "optional");
    gen_put(v,
            "\"network_interface\":[],\"root_block_device\":[{\"delete_on_termination\":true,"
            "\"encrypted\":%s,"
            "\"iops\":100,\"volume_size\":20,\"volume_type\":\"gp2\",\"tags\":{}}],\"private_ip\":"
            "\"10.%u.%u.%u\","
            "\"vpc_security_group_ids\":[\"sg-",
            gen_chance(die, 95) ? "true" : "false", gen_throw(die, 256), gen_throw(die, 256),
            1 + gen_throw(die, 254));
    gen_hex(v, die, 17);
    gen_put(v, "\"],\"user_data\":\"");
    gen_hex(v, die, 40);
    gen_put(v, "\",\"hibernation\":null,\"host_id\":null,\"ipv6_addresses\":[],\"monitoring\":true,"
               "\"source_dest_check\":true,\"tenancy\":\"default\",");
}

static void put_bucket(gen_text *v, gen_die *die, const char *name)
{
    gen_put(
        v,
        "\"bucket\":\"%s\",\"acl\":\"%s\",\"force_destroy\":false,\"bucket_domain_name\":\"%s.s3."
        "amazonaws.com\","
        "\"cors_rule\":[],\"grant\":[],\"hosted_zone_id\":\"Z3AQBSTGFYJSTF\",\"lifecycle_rule\":[{"
        "\"abort_incomplete_multipart_upload_days\":7,\"enabled\":true,\"expiration\":[{\"days\":%"
        "u,"
        "\"expired_object_delete_marker\":false}],\"id\":\"expire\",\"prefix\":\"logs/"
        "\",\"transition\":[{\"days\":30,"
        "\"storage_class\":\"STANDARD_IA\"},{\"days\":90,\"storage_class\":\"GLACIER\"}]}],",
        name, gen_chance(die, 96) ? "private" : "public-read", name, 30 + gen_throw(die, 3000));
    gen_put(v,
            "\"logging\":[],\"object_lock_enabled\":false,\"server_side_encryption_configuration\":"
            "[{\"rule\":[{"
            "\"apply_server_side_encryption_by_default\":[{\"kms_master_key_id\":\"%s\",\"sse_"
            "algorithm\":\"%s\"}],"
            "\"bucket_key_enabled\":false}]}],\"versioning\":[{\"enabled\":%s,\"mfa_delete\":false}"
            "],\"website\":[],",
            name, gen_chance(die, 95) ? "aws:kms" : "AES256",
            gen_chance(die, 94) ? "true" : "false");
    put_policy(v, die, "policy", name);
}

static void put_group_rules(gen_text *v, gen_die *die, const char *key, uint32_t most)
{
    static const uint32_t ports[] = {22, 80, 443, 3306, 5432};
    gen_put(v, "\"%s\":[", key);
    for (uint32_t i = 0, count = 1 + gen_throw(die, most); i < count; i++) {
        uint32_t port = GEN_PICK(die, ports);
        gen_put(v,
                "{\"cidr_blocks\":[%s],\"description\":\"managed by "
                "\\\"terraform\\\"\",\"from_port\":%u,"
                "\"ipv6_cidr_blocks\":[],\"prefix_list_ids\":[],\"protocol\":\"tcp\",\"security_"
                "groups\":[],"
                "\"self\":false,\"to_port\":%u},",
                gen_chance(die, 2) ? "\"0.0.0.0/0\"" : "\"10.1.0.0/16\",\"172.16.0.0/12\"", port,
                port);
    }
    gen_uncomma(v);
    gen_put(v, "],");
}

static void put_group(gen_text *v, gen_die *die)
{
    gen_put(v, "\"description\":\"Managed by Terraform\",");
    put_group_rules(v, die, "ingress", 6);
    put_group_rules(v, die, "egress", 3);
    gen_put(v, "\"name_prefix\":\"\",\"owner_id\":\"123456789012\",\"revoke_rules_on_delete\":"
               "false,\"vpc_id\":\"vpc-");
    gen_hex(v, die, 17);
    gen_put(v, "\",");
}

static void put_role(gen_text *v, gen_die *die, const char *name)
{
    put_policy(v, die, "policy", name);
    put_policy(v, die, "assume_role_policy", name);
    gen_put(v,
            "\"path\":\"/"
            "\",\"description\":\"\",\"max_session_duration\":%u,\"permissions_boundary\":\"\","
            "\"managed_policy_arns\":[\"arn:aws:iam::aws:policy/"
            "ReadOnlyAccess\",\"arn:aws:iam::aws:policy/%s\"],",
            gen_chance(die, 95) ? 3600u : 43200u,
            gen_chance(die, 96) ? "AmazonEC2ReadOnlyAccess" : "AdministratorAccess");
}

static void put_database(gen_text *v, gen_die *die)
{
    gen_put(v,
            "\"allocated_storage\":%u,\"engine\":\"postgres\",\"engine_version\":\"14.%u\","
            "\"instance_class\":\"db.r5.large\",\"multi_az\":%s,\"publicly_accessible\":%s,"
            "\"storage_encrypted\":%s,"
            "\"backup_retention_period\":%u,\"deletion_protection\":%s,\"iops\":0,\"monitoring_"
            "interval\":60,"
            "\"port\":5432,\"billing_mode\":\"PAY_PER_REQUEST\",\"price_hint\":%u.%04u,",
            20 + gen_throw(die, 1000), 1 + gen_throw(die, 9),
            gen_chance(die, 95) ? "true" : "false", gen_chance(die, 4) ? "true" : "false",
            gen_chance(die, 96) ? "true" : "false",
            gen_chance(die, 95) ? 7 + gen_throw(die, 28) : 0,
            gen_chance(die, 95) ? "true" : "false", gen_throw(die, 10), gen_throw(die, 10000));
}

static void put_function(gen_text *v, gen_die *die, const char *name)
{
    gen_put(v,
            "\"container_definitions\":\"[{\\\"name\\\":\\\"c0\\\",\\\"image\\\":\\\"registry."
            "example.com/%s:",
            name);
    gen_hex(v, die, 7);
    gen_put(
        v,
        "\\\",\\\"cpu\\\":256,\\\"memory\\\":512,\\\"portMappings\\\":[{\\\"containerPort\\\":8080}"
        "]}]\","
        "\"memory_size\":512,\"timeout\":%u,\"runtime\":\"%s\",\"environment\":[{\"variables\":{",
        gen_chance(die, 95) ? 30u : 900u, gen_chance(die, 95) ? "python3.11" : "python3.7");
    for (uint32_t i = 0; i < 8; i++) {
        gen_put(v, "\"K%u\":\"", i);
        gen_hex(v, die, 12);
        gen_put(v, "\",");
    }
    gen_uncomma(v);
    gen_put(v, "}}],\"ephemeral_storage\":[{\"size\":512}],\"reserved_concurrent_executions\":-1,"
               "\"source_code_hash\":\"");
    gen_hex(v, die, 44);
    gen_put(v, "\",");
}

static void put_other(gen_text *v, gen_die *die, const char *name)
{
    gen_put(
        v,
        "\"description\":\"%.*s\",\"enabled\":true,\"kms_key_id\":\"arn:aws:kms:us-east-1:1:key/"
        "%s\","
        "\"retention_in_days\":%u,\"cidr_block\":\"10.%u.%u.0/24\",\"map_public_ip_on_launch\":%s,"
        "\"records\":[\"10.0.0.%u\"],\"ttl\":300,\"size\":%u,\"iops\":3000,\"weight\":0.%u,",
        (int)gen_throw(die, 60),
        "a description that is as long as the die says, and no longer than that", name,
        gen_chance(die, 95) ? 365u : 1u, gen_throw(die, 256), gen_throw(die, 256),
        gen_chance(die, 5) ? "true" : "false", 1 + gen_throw(die, 254), 1 + gen_throw(die, 1000),
        gen_throw(die, 1000));
}

static const struct plan_type {
    const char *name;
    uint32_t weight;
    enum {
        PLAN_INSTANCE,
        PLAN_BUCKET,
        PLAN_GROUP,
        PLAN_ROLE,
        PLAN_DATABASE,
        PLAN_FUNCTION,
        PLAN_OTHER
    } sort;
} plan_types[] = {{"aws_instance", 14, PLAN_INSTANCE},
                  {"aws_s3_bucket", 10, PLAN_BUCKET},
                  {"aws_security_group", 12, PLAN_GROUP},
                  {"aws_iam_role", 8, PLAN_ROLE},
                  {"aws_iam_policy", 7, PLAN_ROLE},
                  {"aws_lambda_function", 6, PLAN_FUNCTION},
                  {"aws_db_instance", 5, PLAN_DATABASE},
                  {"aws_subnet", 6, PLAN_OTHER},
                  {"aws_route_table", 4, PLAN_OTHER},
                  {"aws_route53_record", 7, PLAN_OTHER},
                  {"aws_ebs_volume", 4, PLAN_OTHER},
                  {"aws_kms_key", 3, PLAN_OTHER},
                  {"aws_cloudwatch_log_group", 5, PLAN_OTHER},
                  {"aws_ecs_task_definition", 4, PLAN_FUNCTION},
                  {"aws_sqs_queue", 3, PLAN_OTHER},
                  {"aws_launch_template", 2, PLAN_INSTANCE}};

static const struct plan_type *pick_type(gen_die *die)
{
    uint32_t at = gen_throw(die, 100);
    size_t i = 0;
    while (i + 1 < sizeof plan_types / sizeof *plan_types && at >= plan_types[i].weight)
        at -= plan_types[i++].weight;
    return &plan_types[i];
}

static void put_values(gen_text *v, gen_die *die, const struct plan_type *type, const char *name)
{
    put_tags(v, die, "tags", name);
    put_tags(v, die, "tags_all", name);
    switch (type->sort) {
    case PLAN_INSTANCE: put_instance(v, die, name); break;
    case PLAN_BUCKET: put_bucket(v, die, name); break;
    case PLAN_GROUP: put_group(v, die); break;
    case PLAN_ROLE: put_role(v, die, name); break;
    case PLAN_DATABASE: put_database(v, die); break;
    case PLAN_FUNCTION: put_function(v, die, name); break;
    default: put_other(v, die, name);
    }
    gen_put(v, "\"timeouts\":null}");
}

/* What is a list or map in the values, as the masks of plans show it. */
static void put_shape(gen_text *shape, const struct plan_type *type)
{
    gen_put(shape, "\"tags\":{},\"tags_all\":{}");
    switch (type->sort) {
    case PLAN_INSTANCE:
        gen_put(shape, ",\"cpu_options\":[{}],\"credit_specification\":[],\"ebs_block_device\":[],"
                       "\"metadata_options\":[{}],"
                       "\"network_interface\":[],\"root_block_device\":[{\"tags\":{}}],\"vpc_"
                       "security_group_ids\":[false],"
                       "\"ipv6_addresses\":[]");
        break;
    case PLAN_BUCKET:
        gen_put(shape, ",\"cors_rule\":[],\"grant\":[],\"lifecycle_rule\":[{\"expiration\":[{}],"
                       "\"transition\":[{},{}]}],"
                       "\"logging\":[],\"server_side_encryption_configuration\":[{\"rule\":[{"
                       "\"apply_server_side_encryption_by_default\":[{}]}]}],\"versioning\":[{}],"
                       "\"website\":[]");
        break;
    case PLAN_GROUP:
        gen_put(shape, ",\"ingress\":[{\"cidr_blocks\":[false]}],\"egress\":[]");
        break;
    case PLAN_ROLE: gen_put(shape, ",\"managed_policy_arns\":[false,false]"); break;
    case PLAN_FUNCTION:
        gen_put(shape, ",\"environment\":[{\"variables\":{}}],\"ephemeral_storage\":[{}]");
        break;
    case PLAN_OTHER: gen_put(shape, ",\"records\":[false]"); break;
    default: break;
    }
}

static void put_head(gen_text *out, const char *module, const struct plan_type *type,
                     uint32_t number)
{
    gen_put(out, "{\"address\":\"%s%s%s.r%u\",", module, *module ? "." : "", type->name, number);
    if (*module) gen_put(out, "\"module_address\":\"%s\",", module);
    gen_put(out,
            "\"mode\":\"managed\",\"type\":\"%s\",\"name\":\"r%u\","
            "\"provider_name\":\"registry.terraform.io/hashicorp/aws\",",
            type->name, number);
}

static void put_change(plan_texts *p, const char *action)
{
    gen_text *c = &p->changes;
    int created = !strcmp(action, "\"create\""), deleted = !strcmp(action, "\"delete\"");
    gen_put(c, "\"change\":{\"actions\":[%s],\"before\":", action);
    if (created) gen_put(c, "null");
    else gen_add(c, p->values.items, p->values.len);
    gen_put(c, ",\"after\":");
    if (deleted) gen_put(c, "null");
    else gen_add(c, p->after.items, p->after.len);
    gen_put(c, ",\"after_unknown\":{%s", deleted ? "" : created ? "\"id\":true,\"arn\":true," : "");
    if (!deleted) gen_add(c, p->shape.items, p->shape.len);
    gen_put(c, "},\"before_sensitive\":");
    if (created) gen_put(c, "false");
    else gen_put(c, "{%.*s}", (int)p->shape.len, p->shape.items);
    gen_put(c, ",\"after_sensitive\":");
    if (deleted) gen_put(c, "false");
    else gen_put(c, "{%.*s}", (int)p->shape.len, p->shape.items);
    gen_put(c, "}},");
}

static void put_state(gen_text *out, const plan_texts *p, const gen_text *values, const char *more)
{
    gen_put(out, "\"schema_version\":1,\"values\":");
    gen_add(out, values->items, values->len);
    gen_put(out, ",\"sensitive_values\":{%.*s}%s},", (int)p->shape.len, p->shape.items, more);
}

static void put_configured(gen_text *out, const struct plan_type *type, uint32_t number)
{
    gen_put(
        out,
        "{\"address\":\"%s.r%u\",\"mode\":\"managed\",\"type\":\"%s\",\"name\":\"r%u\","
        "\"provider_config_key\":\"aws\",\"expressions\":{\"name\":{\"constant_value\":\"r%u\"},"
        "\"region\":{\"references\":[\"var.region\",\"local.common\"]},\"kms_key_id\":{"
        "\"references\":[\"var.key\"]},"
        "\"timeouts\":{\"constant_value\":null}},\"schema_version\":1},",
        type->name, number, type->name, number, number);
}

static void put_resource(plan_texts *p, uint32_t number)
{
    static const char *const actions[] = {
        "\"create\"", "\"create\"", "\"create\"", "\"create\"", "\"no-op\"",
        "\"no-op\"",  "\"no-op\"",  "\"update\"", "\"update\"", "\"delete\",\"create\""};
    gen_die *die = &p->die;
    const struct plan_type *type = pick_type(die);
    const char *action = gen_chance(die, 3) ? "\"delete\"" : GEN_PICK(die, actions);
    char name[64], module[32] = "";
    snprintf(name, sizeof name, "%s-%s-%u", GEN_PICK(die, plan_teams), type->name + 4,
             gen_throw(die, 1000000));
    if (gen_chance(die, 80))
        snprintf(module, sizeof module, "module.%s[%u]", GEN_PICK(die, plan_teams),
                 gen_throw(die, 4));
    const char *region = GEN_PICK(die, plan_regions);
    p->values.len = p->after.len = p->shape.len = 0;
    put_shape(&p->shape, type);
    gen_put(&p->after, "{\"name\":\"%s\",\"region\":\"%s\",", name, region);
    put_values(&p->after, die, type, name);
    gen_put(&p->values, "{\"arn\":\"arn:aws:%s:%s:123456789012:%s\",\"id\":\"", type->name + 4,
            region, name);
    gen_hex(&p->values, die, 17);
    gen_put(&p->values, "\",%.*s", (int)(p->after.len - 1), p->after.items + 1);
    put_head(&p->changes, module, type, number);
    put_change(p, action);
    if (strcmp(action, "\"delete\"") != 0) {
        put_head(&p->planned, module, type, number);
        put_state(&p->planned, p, &p->after, "");
    }
    if (strcmp(action, "\"create\"") != 0) {
        put_head(&p->prior, module, type, number);
        put_state(&p->prior, p, &p->values,
                  ",\"depends_on\":[\"aws_vpc.main\",\"data.aws_caller_identity.current\"]");
    }
    put_configured(&p->configured, type, number);
}

void gen_plan(gen_text *out, double mb)
{
    plan_texts p = {.die = {7}};
    double bytes = mb * 1e6;
    for (uint32_t i = 0;
         (double)(p.planned.len + p.changes.len + p.prior.len + p.configured.len) < bytes; i++)
        put_resource(&p, i);
    gen_text *parts[] = {&p.planned, &p.changes, &p.prior, &p.configured};
    static const char *const between[] = {
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.5\",\"variables\":{\"region\":{"
        "\"value\":\"us-east-1\"}},"
        "\"planned_values\":{\"outputs\":{},\"root_module\":{\"resources\":[",
        "]}},\"resource_changes\":[",
        "],\"output_changes\":{},\"prior_state\":{\"format_version\":\"1.0\",\"terraform_version\":"
        "\"1.9.5\","
        "\"values\":{\"outputs\":{},\"root_module\":{\"resources\":[",
        "]}}},\"configuration\":{\"provider_config\":{\"aws\":{\"name\":\"aws\"}},\"root_module\":{"
        "\"resources\":["};
    for (uint32_t i = 0; i < 4; i++) {
        gen_uncomma(parts[i]);
        gen_add(out, between[i], strlen(between[i]));
        gen_add(out, parts[i]->items, parts[i]->len);
        free(parts[i]->items);
    }
    gen_put(out, "]}},\"timestamp\":\"2026-06-01T12:00:00Z\",\"applyable\":true,\"complete\":true,"
                 "\"errored\":false}\n");
    free(p.values.items);
    free(p.after.items);
    free(p.shape.items);
}
