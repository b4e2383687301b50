"""Which of our validations mean the same as which check of somebody else: the table of labels.py.

title: author and check. ours: our validations, as globs (`!`: but not these). by, in: how labels are read (a reader of
labels.py), and where: a folder or file of the corpora. params: parameters of ours that their check has set otherwise.
kind: their check is of this kind alone.
"""

GATEKEEPER = "k8s-gatekeeper/open-policy-agent__gatekeeper-library/library"
KYVERNO = "k8s-kyverno/kyverno__policies"
CHECKOV_K8S = "k8s-manifests/bridgecrewio__checkov/tests/kubernetes/checks"
CHECKOV_CFN = "cfn/bridgecrewio__checkov/tests/cloudformation/checks/resource/aws"
CHECKOV_K8S_GRAPH = "k8s-manifests/bridgecrewio__checkov/tests/kubernetes/graph/checks/resources"
CHECKOV_GRAPH = "cfn/bridgecrewio__checkov/tests/cloudformation/graph/checks/resources"
CHECKOV_ARM = "arm/bridgecrewio__checkov/tests/arm/checks/resource"
GUARD = "cfn-guard-tests/aws-cloudformation__aws-guard-rules-registry/rules/aws"
REGULA = "tfplan/fugue__regula/rego/tests"
COMPLIANCE = "tfplan/terraform-compliance__cli/tests/functional"
POLICY_LIBRARY = "gcp-cai/GoogleCloudPlatform__policy-library/validator/test/fixtures"
ZIZMOR = "github-actions/woodruffw__zizmor/crates/zizmor/tests/integration/test-data"
VALIDATOR = "tfplan/GoogleCloudPlatform__terraform-validator/testdata/templates"
CONVERSION = "gcp-cai/GoogleCloudPlatform__terraform-google-conversion/tfplan2cai/testdata/templates"


def gatekeeper(folder, ours, **more):
    """A library folder, or those of its tests whose constraint means what ours does."""
    title = f"gatekeeper {folder} {more.get('tests', '')}".rstrip()
    return {"title": title, "ours": ours, "by": "suite", "in": f"{GATEKEEPER}/{folder}", **more}


def kyverno(folder, ours, *readers, **more):
    return [{"title": f"{by} {folder}", "ours": ours, "by": by, "in": f"{KYVERNO}/{folder}", **more}
            for by in readers or ("kyverno", "chainsaw")]


def checkov(base, folder, ours, **more):
    return {"title": f"checkov {folder}", "ours": ours, "by": "files", "in": f"{base}/{folder}", **more}


def folders(folder, ours, **more):
    """Folders of manifests that are looked at together; the folder's name says whether something in them fails."""
    return {"title": f"checkov {folder}", "ours": ours, "by": "folders", "in": f"{CHECKOV_K8S_GRAPH}/{folder}", **more}


def names(author, file, ours, good=r"(?i)\bvalid", bad=r"(?i)invalid", **more):
    title = f"{author.split('/')[1].split('__')[1]} {file.rsplit('.', 1)[0]}"
    return {"title": title, "ours": ours, "by": "names", "in": f"{author}/{file}", "good": good, "bad": bad, **more}


def compliance(folder, fails, ours):
    """A folder of terraform-compliance has one plan, which its name says fails or not."""
    return {"title": f"terraform-compliance {folder}", "ours": ours, "by": "names", "in": f"{COMPLIANCE}/{folder}/plan.out.json",
            "good": "^(?!.)" if fails else "", "bad": "" if fails else "^(?!.)"}


def guard(file, rule, ours, **more):
    return {"title": f"guard {rule}", "ours": ours, "by": "guard", "in": f"{GUARD}/{file}", "rule": rule,
            "target": "cloudformation", **more}


PSP = "pod-security-policy"
BASELINE = ["k8s-pod-baseline/*", "k8s-container-baseline/*"]
RESTRICTED = BASELINE + ["k8s-pod-restricted/*", "k8s-container-restricted/*"]
EXCEPT_SECCOMP = RESTRICTED + ["!*/seccomp"]
EXCEPT_CAPABILITIES = RESTRICTED + ["!*/capabilities", "!*/drop-all", "!*/add"]
PRIVILEGED = ["k8s-container-baseline/privileged", "k8s-privileged/privileged"]
HOST_PORTS = ["k8s-container-baseline/host-ports"]
SELINUX = ["k8s-*-baseline/selinux-*"]
AT_REST = ["enc-cfn-at-rest/encrypted"]
PRIVATE = ["net-database-private/private"]
KEY = ["enc-cfn-key/named"]
PUBLIC = ["iam-no-star/public"]
AZURE = ["net-azure-admin-ports/closed"]
VALID_AZURE = {"good": r"\.valid", "bad": r"\.invalid"}
GOOGLE = ["*gcp*", "k8s-gke-*", "enc-bucket-kms/*"]

ROWS = [
    gatekeeper(f"{PSP}/privileged-containers", PRIVILEGED),
    gatekeeper(f"{PSP}/host-network-ports", HOST_PORTS, tests="port-range-with-host-network-allowed",
               params={"k8s-container-baseline.hostPorts": "{from: 80, to: 9000}"}),
    gatekeeper(f"{PSP}/host-network-ports", HOST_PORTS + ["k8s-pod-baseline/host-network"],
               tests="port-range-with-host-network-forbidden", params={"k8s-container-baseline.hostPorts": "{from: 80, to: 9000}"}),
    gatekeeper(f"{PSP}/host-network-ports", ["k8s-pod-baseline/host-network"], tests="host-network-forbidden"),
    gatekeeper(f"{PSP}/host-probes-lifecycle", ["k8s-container-baseline/host-probes"]),
    gatekeeper(f"{PSP}/host-filesystem", ["k8s-pod-baseline/host-path"]),
    gatekeeper(f"{PSP}/proc-mount", ["k8s-container-baseline/proc-mount"]),
    gatekeeper(f"{PSP}/selinux", SELINUX),
    gatekeeper(f"{PSP}/seccomp", ["k8s-container-restricted/seccomp"]),
    gatekeeper(f"{PSP}/seccompv2", ["k8s-*-baseline/seccomp"], tests="seccomp-baseline"),
    gatekeeper(f"{PSP}/seccompv2", ["k8s-container-restricted/seccomp"], tests="seccomp-restricted"),
    gatekeeper(f"{PSP}/users", ["k8s-*-restricted/user", "k8s-container-restricted/non-root"]),
    gatekeeper(f"{PSP}/flexvolume-drivers", ["k8s-pod-restricted/volume-types"]),
    gatekeeper("general/disallowedtags", ["k8s-image-tags/pinned"]),
    gatekeeper("general/imagedigests", ["k8s-image-tags/digest"]),
    gatekeeper("general/containerrequests", ["k8s-limits/requests"]),
    gatekeeper("general/containerresources", ["k8s-limits/*"], tests="container-limits-and-requests",
               params={"k8s-limits.limits": "[cpu, memory]"}),
    gatekeeper("general/containerresources", ["k8s-limits/*"], tests="container-cpu-requests-memory-limits-and-requests"),
    gatekeeper("general/ephemeralstoragelimit", ["k8s-limits/limits"], params={"k8s-limits.limits": "[ephemeral-storage]"}),

    *kyverno("pod-security/baseline/disallow-capabilities", ["k8s-container-baseline/capabilities"]),
    *kyverno("pod-security/baseline/disallow-host-namespaces", ["k8s-pod-baseline/host-*"]),
    *kyverno("pod-security/baseline/disallow-host-path", ["k8s-pod-baseline/host-path"]),
    *kyverno("pod-security/baseline/disallow-host-ports", HOST_PORTS),
    *kyverno("pod-security/baseline/disallow-host-ports-range", HOST_PORTS,
             params={"k8s-container-baseline.hostPorts": "{from: 5000, to: 6000}"}),
    *kyverno("pod-security/baseline/disallow-host-process", ["k8s-*-baseline/windows-host-process"]),
    *kyverno("pod-security/baseline/disallow-privileged-containers", PRIVILEGED),
    *kyverno("pod-security/baseline/disallow-proc-mount", ["k8s-container-baseline/proc-mount"]),
    *kyverno("pod-security/baseline/disallow-selinux", SELINUX),
    *kyverno("pod-security/baseline/restrict-apparmor-profiles", ["k8s-*-baseline/apparmor*"]),
    *kyverno("pod-security/baseline/restrict-seccomp", ["k8s-*-baseline/seccomp"]),
    *kyverno("pod-security/baseline/restrict-sysctls", ["k8s-pod-baseline/sysctls"]),
    *kyverno("pod-security/subrule/podsecurity-subrule-baseline", BASELINE, "kyverno"),
    *kyverno("pod-security/subrule/restricted/restricted-latest", RESTRICTED),
    *kyverno("pod-security/subrule/restricted/restricted-exclude-capabilities", EXCEPT_CAPABILITIES),
    *kyverno("pod-security/subrule/restricted/restricted-exclude-seccomp", EXCEPT_SECCOMP),
    *kyverno("pod-security-cel/baseline/disallow-proc-mount", ["k8s-container-baseline/proc-mount"], "chainsaw"),
    *kyverno("pod-security-vpol/baseline/disallow-selinux", SELINUX, "kyverno"),
    *kyverno("best-practices/require-pod-requests-limits", ["k8s-limits/*"]),
    *kyverno("best-practices-cel/require-pod-requests-limits", ["k8s-limits/*"]),
    *kyverno("other/require-cpu-limits", ["k8s-limits/limits"], params={"k8s-limits.limits": "[cpu]"}),

    checkov(CHECKOV_K8S, "example_AllowPrivilegeEscalation", ["k8s-container-restricted/escalation"]),
    checkov(CHECKOV_K8S, "example_AllowedCapabilities", ["k8s-container-restricted/add"]),
    checkov(CHECKOV_K8S, "example_AllowedCapabilitiesSysAdmin", ["k8s-privileged/capabilities"]),
    checkov(CHECKOV_K8S, "example_DropCapabilities", ["k8s-container-restricted/drop-all"]),
    checkov(CHECKOV_K8S, "example_DockerSocketVolume", ["k8s-pod-baseline/host-path"], files="*FAILED*", label="FAILED"),
    checkov(CHECKOV_K8S, "example_ImageDigest", ["k8s-image-tags/digest"]),
    checkov(CHECKOV_K8S, "example_ImageTagFixed", ["k8s-image-tags/pinned"]),
    checkov(CHECKOV_K8S, "example_PrivilegedContainers", PRIVILEGED),
    checkov(CHECKOV_K8S, "example_RootContainers", ["k8s-container-restricted/non-root", "k8s-container-restricted/user"]),
    checkov(CHECKOV_K8S, "example_Seccomp", ["k8s-container-restricted/seccomp"]),
    checkov(CHECKOV_K8S, "example_DefaultNamespace", ["k8s-default-namespace/*"]),
    checkov(CHECKOV_K8S, "example_NoDefaultNamespace", ["k8s-default-namespace/*"]),
    checkov(CHECKOV_K8S, "example_DefaultServiceAccount", ["k8s-service-account/default"]),
    checkov(CHECKOV_K8S, "example_DefaultServiceAccountBinding", ["k8s-cluster-admin/default-account"]),
    checkov(CHECKOV_K8S, "example_LivenessReadiness", ["k8s-probes/*"]),
    checkov(CHECKOV_K8S, "example_ReadOnlyFilesystem", ["k8s-read-only/root"]),
    checkov(CHECKOV_K8S, "example_Secrets", ["k8s-secrets/variables", "k8s-secrets/whole"]),
    checkov(CHECKOV_K8S, "example_WildcardRoles", ["k8s-rbac-escalation/wildcard"]),
    checkov(CHECKOV_K8S, "example_RbacApproveCertificateSigningRequests", ["k8s-rbac-sensitive/certificates"]),
    checkov(CHECKOV_K8S, "example_RbacBindRoleBindings", ["k8s-rbac-escalation/escalate"]),
    checkov(CHECKOV_K8S, "example_RbacControlWebhooks", ["k8s-rbac-sensitive/webhooks"]),
    checkov(CHECKOV_K8S, "example_RbacEscalateRoles", ["k8s-rbac-escalation/escalate"]),
    checkov(CHECKOV_K8S, "example_NginxIngressCVE202125742", ["k8s-exposure/snippets"], label="FAILED|PASSED"),
    *(folders(name, ours) for name, ours in [
        ("ImpersonatePermissions", ["k8s-rbac-escalation/impersonate"]), ("ReadAllSecrets", ["k8s-rbac-sensitive/secrets"]),
        ("NoCreateNodesProxyOrPodsExec", ["k8s-rbac-sensitive/exec"]), ("RoleBindingPE", ["k8s-rbac-escalation/escalate"])]),

    names(CHECKOV_K8S_GRAPH, "RequireAllPodsToHaveNetworkPolicy/template.yaml", ["k8s-pod-isolation/selected"],
          good="/internal-", bad="/external-"),
    names(CHECKOV_K8S_GRAPH, "AllowPrivilegeEscalation/template.yaml", ["k8s-container-restricted/escalation"],
          good=r"controller-\d/", bad="controller/"),

    checkov(CHECKOV_CFN, "example_EBSEncryption", AT_REST),
    checkov(CHECKOV_CFN, "example_EFSEncryption", AT_REST),
    checkov(CHECKOV_CFN, "example_RedshiftClusterEncryption", AT_REST),
    checkov(CHECKOV_CFN, "example_ElasticsearchEncryption", AT_REST),
    checkov(CHECKOV_CFN, "example_KinesisStreamEncryptionType", AT_REST),
    checkov(CHECKOV_CFN, "example_SNSTopicEncryption", KEY),
    checkov(CHECKOV_CFN, "example_RDSPubliclyAccessible", PRIVATE),
    checkov(CHECKOV_CFN, "example_DMSReplicationInstancePubliclyAccessible", PRIVATE),
    checkov(CHECKOV_CFN, "example_IAMAdminPolicyDocument", ["iam-no-star/star"]),
    checkov(CHECKOV_CFN, "example_IAMRoleAllowsPublicAssume", PUBLIC),
    checkov(CHECKOV_CFN, "example_KMSKeyWildCardPrincipal", PUBLIC),

    checkov(CHECKOV_CFN, "example_ALBListener", ["enc-listeners/encrypted"]),
    checkov(CHECKOV_CFN, "example_ALBListenerTLS12", ["enc-listeners/version"]),
    checkov(CHECKOV_CFN, "example_APIGatewayAuthorization", ["net-api-authorization/authorized"]),
    checkov(CHECKOV_CFN, "example_CloudWatchLogGroupRetention", ["obs-log-retention/ends"]),
    checkov(CHECKOV_CFN, "example_CloudfrontDistributionLogging", ["obs-access-logs/logged"]),
    checkov(CHECKOV_CFN, "example_CloudtrailEncryption", KEY, kind="AWS::CloudTrail::Trail"),
    checkov(CHECKOV_CFN, "example_CloudtrailLogValidation", ["obs-audit-trail/validation"]),
    checkov(CHECKOV_CFN, "example_CloudtrailMultiRegion", ["obs-audit-trail/regions"]),
    checkov(CHECKOV_CFN, "example_DocDBTLS", ["enc-in-transit/database"]),
    checkov(CHECKOV_CFN, "example_DynamodbGlobalTableRecovery", ["rel-point-in-time/enabled"]),
    checkov(CHECKOV_CFN, "example_EC2Credentials", ["iam-credentials/clear"]),
    checkov(CHECKOV_CFN, "example_LambdaEnvironmentCredentials", ["iam-credentials/clear"]),
    checkov(CHECKOV_CFN, "example_EC2PublicIP", ["net-instance-private/private"]),
    checkov(CHECKOV_CFN, "example_ECSClusterContainerInsights", ["obs-insights/watched"]),
    checkov(CHECKOV_CFN, "example_EKSNodeGroupRemoteAccess", ["k8s-node-access/closed"]),
    checkov(CHECKOV_CFN, "example_EKSSecretEncryption", ["enc-cluster-secrets/secrets"]),
    checkov(CHECKOV_CFN, "example_ELBAccessLogs", ["obs-access-logs/logged"]),
    checkov(CHECKOV_CFN, "example_ElasticacheReplicationGroupEncryptionAtTransit", ["enc-in-transit/cache"]),
    checkov(CHECKOV_CFN, "example_IAMRoleAllowAssumeFromAccount", ["iam-account-trust/root"]),
    checkov(CHECKOV_CFN, "example_IMDSv1Disabled", ["net-imdsv2/tokens"]),
    checkov(CHECKOV_CFN, "example_LambdaDLQConfigured", ["rel-dead-letters/kept"]),
    checkov(CHECKOV_CFN, "example_LambdaServicePermission", ["iam-lambda-permission/source"]),
    checkov(CHECKOV_CFN, "example_RDSClusterIAMAuthentication", ["iam-database/roles"]),
    checkov(CHECKOV_CFN, "example_RDSIAMAuthentication", ["iam-database/roles"]),
    checkov(CHECKOV_CFN, "example_RDSEnhancedMonitorEnabled", ["obs-insights/watched"]),
    checkov(CHECKOV_CFN, "example_VPCEndpointAcceptanceConfigured", ["net-acceptance/asked"]),
    checkov(CHECKOV_CFN, "example_WAFEnabled", ["net-waf/firewall"]),
    checkov(CHECKOV_CFN, "example_cloudfrontDistribution", ["enc-distributions/viewers"]),
    names(f"{CHECKOV_GRAPH}", "ACMWildcardDomainName/template.yaml", ["enc-certificates/names"], good="Pass", bad="Fail"),
    names(f"{CHECKOV_GRAPH}", "ALBRedirectHTTPtoHTTPS/template.yaml", ["enc-listeners/encrypted"], good="PASS", bad="FAIL"),
    names(f"{CHECKOV_GRAPH}", "RDSEncryptionInTransit/template.yaml", ["enc-in-transit/database"], good="Pass", bad="Fail"),

    guard("amazon_ec2/tests/encrypted_volumes_tests.yml", "ENCRYPTED_VOLUMES", AT_REST),
    guard("amazon_efs/tests/efs_encrypted_check_tests.yml", "EFS_ENCRYPTED_CHECK", AT_REST),
    guard("amazon_rds/tests/rds_storage_encrypted_tests.yml", "RDS_STORAGE_ENCRYPTED", AT_REST),
    guard("aws_kms/tests/cmk_backing_key_rotation_enabled_tests.yml", "CMK_BACKING_KEY_ROTATION_ENABLED", ["enc-key-rotation/enabled"]),
    guard("amazon_rds/tests/rds_instance_public_access_check_tests.yml", "RDS_INSTANCE_PUBLIC_ACCESS_CHECK", PRIVATE),
    guard("amazon_redshift/tests/redshift_cluster_public_access_check_tests.yml", "REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK", PRIVATE),
    guard("dynamodb/tests/dynamodb_table_must_be_encrypted_tests.yml", "DYNAMODB_TABLE_MUST_BE_ENCRYPTED", AT_REST),
    guard("dax/tests/dax_encryption_enabled_tests.yml", "DAX_ENCRYPTION_ENABLED", AT_REST),
    guard("opensearch_service/tests/elasticsearch_encrypted_at_rest_tests.yml", "ELASTICSEARCH_ENCRYPTED_AT_REST", AT_REST),
    guard("aws_kinesis/tests/kinesis_stream_encryption_rule_tests.yml", "KINESIS_STREAM_ENCRYPTION_RULE", AT_REST),
    guard("amazon_sns/tests/sns_encrypted_kms_tests.yml", "SNS_ENCRYPTED_KMS", KEY),
    guard("amazon_sqs/tests/sqs_queue_kms_master_key_id_rule_tests.yml", "SQS_QUEUE_KMS_MASTER_KEY_ID_RULE", KEY),
    guard("cloudwatch/tests/cloudwatch_log_group_encrypted_tests.yml", "CLOUDWATCH_LOG_GROUP_ENCRYPTED", KEY),
    guard("cloudtrail/tests/cloud_trail_encryption_enabled_tests.yml", "CLOUD_TRAIL_ENCRYPTION_ENABLED", KEY),
    guard("secrets_manager/tests/secretsmanager_using_cmk_tests.yml", "SECRETSMANAGER_USING_CMK", KEY),
    guard("codebuild/tests/codebuild_encryption_key_rule_tests.yml", "CODEBUILD_ENCRYPTION_KEY_RULE", KEY),
    guard("amazon_ec2/tests/restricted_ssh_tests.yml", "INCOMING_SSH_DISABLED", ["net-public-admin-ports/closed"]),
    guard("iam/tests/iam_policy_no_statements_with_admin_access_tests.yml", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
          ["iam-no-star/star"]),
    guard("iam/tests/iam_role_no_full_access_on_trust_policy.yml", "IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY", ["iam-no-star/star"]),
    guard("iam/tests/iam_role_no_allow_plus_not_action_on_trust_policy_tests.yml", "IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY",
          ["iam-no-star/not-action"]),
    guard("amazon_sns/tests/sns_topicpolicy_no_allow_plus_not_action_tests.yml", "SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOT_ACTION",
          ["iam-no-star/not-action"]),
    guard("amazon_sns/tests/sns_topicpolicy_no_wildcard_principal_tests.yml", "SNS_TOPICPOLICY_NO_WILDCARD_PRINCIPAL", PUBLIC),
    guard("amazon_sqs/tests/sqs_queuepolicy_no_wildcard_principal_tests.yml", "SQS_QUEUEPOLICY_NO_WILDCARD_PRINCIPAL", PUBLIC),
    guard("amazon_s3/tests/s3_bucket_policy_no_wildcard_principal_tests.yml", "S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL", PUBLIC),
    guard("aws_kms/tests/kms_no_wildcard_principal_tests.yml", "KMS_NO_WILDCARD_PRINCIPAL", PUBLIC),

    names("cfn/fugue__regula/rego/tests/rules/cfn", "ebs/inputs/volume_encryption_infra.yaml", AT_REST, good="^Valid", bad="^Invalid"),
    names(f"{REGULA}/rules/tf/aws", "security_group/inputs/ingress_anywhere_infra.json", ["net-public-admin-ports/closed"]),
    names(f"{REGULA}/rules/tf/aws", "security_group/inputs/ingress_anywhere_rdp_infra.json", ["net-public-admin-ports/closed"],
          params={"net-public-admin-ports.ports": "[3389]"}),
    names(f"{REGULA}/rules/tf/aws", "iam/inputs/admin_policy_infra.json", ["iam-no-star/star"], good=r"\.valid", bad=r"\.invalid"),
    names(f"{REGULA}/rules/tf/azurerm", "network/inputs/security_group_no_inbound_22_infra.json", AZURE, **VALID_AZURE,
          params={"net-azure-admin-ports.ports": "[22]"}),
    names(f"{REGULA}/rules/tf/azurerm", "network/inputs/security_group_no_inbound_3389_infra.json", AZURE, **VALID_AZURE,
          params={"net-azure-admin-ports.ports": "[3389]"}),
    checkov(CHECKOV_ARM, "example_NSGRuleSSHAccessRestricted", AZURE, label="FAILED|Fail|PASSED",
            params={"net-azure-admin-ports.ports": "[22]"}),
    names(f"{REGULA}/rules/tf/azurerm", "storage/inputs/account_secure_transfer_infra.json", ["net-azure-storage/https"], **VALID_AZURE),
    names(f"{REGULA}/rules/tf/azurerm", "storage/inputs/account_deny_access_infra.json", ["net-azure-storage/default-deny"],
          **VALID_AZURE),
    names(f"{REGULA}/rules/tf/azurerm", "storage/inputs/container_private_access_infra.json", ["net-azure-container-private/private"],
          **VALID_AZURE),
    checkov(CHECKOV_ARM, "example_StorageAccountDefaultNetworkAccessDeny", ["net-azure-storage/default-deny"]),
    checkov(CHECKOV_ARM, "example_StorageBlobServiceContainerPrivateAccess", ["net-azure-container-private/private"]),
    names(f"{REGULA}/rules/tf/aws", "kms/inputs/key_rotation_infra.json", ["enc-key-rotation/enabled"]),
    names(f"{REGULA}/lib", "inputs/volume_encrypted_infra.json", ["enc-tf-at-rest/encrypted"], good="good", bad="bad"),
    compliance("test_kms_key_rotation_failure", True, ["enc-key-rotation/enabled"]),
    compliance("test_kms_key_rotation_success", False, ["enc-key-rotation/enabled"]),
    names(ZIZMOR, "unpinned-uses/action.yml", ["scm-pinned-actions/commit"], good="no-finding", bad="true-positive"),
    names(ZIZMOR, "unpinned-uses/issue-433-repro.yml", ["scm-pinned-actions/commit"], good="no-finding", bad="true-positive"),
    names(ZIZMOR, "unpinned-images.yml", ["scm-pinned-images/digest"], good="/(hash|tag)-pinned", bad="/unpinned"),
    names(POLICY_LIBRARY, "sql_public_ip/assets/data.json", ["net-gcp-sql-private/private"], good="/private-sql$", bad="/public-"),
    names(POLICY_LIBRARY, "bigquery_dataset_world_readable/assets/data.json", ["iam-gcp-public/members"], good="/not-world", bad="/world-"),
    names(POLICY_LIBRARY, "vm_external_ip/assets/data.json", ["net-gcp-instance-private/interfaces"], good="/vm-no-ip$", bad="external-ip"),
    names(POLICY_LIBRARY, "gke_master_authorized_networks_enabled/assets/data.json", ["k8s-gke-private/control-plane"],
          good="-(private|restricted)$", bad="[/-]public$"),
]

# title, folder of plans, folder of the assets they convert to, our validations
PAIRS = [
    ("terraform-validator", VALIDATOR, VALIDATOR, GOOGLE),
    ("terraform-google-conversion", VALIDATOR, CONVERSION, GOOGLE),
]
