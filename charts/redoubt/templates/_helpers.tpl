{{- define "redoubt.name" -}}
{{- printf "%s" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "redoubt.selector" -}}
app.kubernetes.io/name: redoubt
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "redoubt.labels" -}}
{{ include "redoubt.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/*
What runs as one pod, never two side by side: its arguments, the port of its metrics, the Secret of its AppRole, that of
its store's credentials, and that of the key by which releases are drawn, which no pod of a worker may mount.
*/}}
{{- define "redoubt.singletons" -}}
monitor: {args: [monitor], port: 9465}
sequencer: {args: [sequencer], port: 9466, appRoleSecret: {{ .Values.vault.sequencerAppRoleSecret | quote }}}
{{- with .Values.judge }}{{ if .enabled }}
judge: {args: [canaries, judge], storeSecret: {{ .storeCredentialsSecret | default $.Values.store.credentialsSecret | quote }}}
{{- end }}{{ end }}
{{- with .Values.sampler }}{{ if .enabled }}
sampler: {args: [review, draw], port: 9468, keySecret: {{ include "redoubt.samplerKey" $ | quote }}}
{{- end }}{{ end }}
{{- end -}}

{{- define "redoubt.samplerKey" -}}
{{- $key := required "sampler.keySecret is needed" .Values.sampler.keySecret -}}
{{- $worker := list .Values.vault.appRoleSecret .Values.vault.attestorAppRoleSecret .Values.store.credentialsSecret -}}
{{- $worker = concat $worker (list .Values.kafka.ca.name .Values.vault.ca.name) -}}
{{- $worker = concat $worker (list .Values.kafka.credentialsSecret .Values.worker.kafkaCredentialsSecret) -}}
{{- $worker = append $worker (include "redoubt.clientCertificate" (dict "root" . "part" "worker")) -}}
{{- if has $key $worker -}}
{{- fail "sampler.keySecret is a Secret that the worker has: who releases would know what is looked at again" -}}
{{- end -}}
{{- $key -}}
{{- end -}}

{{- define "redoubt.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "redoubt.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "redoubt.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Environment of a part: (root, part). Each may sign in to Kafka as itself. Secrets by reference only. */}}
{{- define "redoubt.environment" -}}
- {name: REDOUBT_KAFKA__INSTANCE, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
{{- with (index .root.Values .part).kafkaCredentialsSecret | default .root.Values.kafka.credentialsSecret }}
- {name: REDOUBT_KAFKA__SASL_USERNAME, valueFrom: {secretKeyRef: {name: {{ . }}, key: username}}}
- {name: REDOUBT_KAFKA__SASL_PASSWORD, valueFrom: {secretKeyRef: {name: {{ . }}, key: password}}}
{{- end }}
{{- end -}}

{{/* Files that only a part with a role in Vault has: to name one that is not mounted would keep a part from starting. */}}
{{- define "redoubt.vaultEnvironment" -}}
- {name: REDOUBT_VAULT__ROLE_ID_FILE, value: /run/redoubt/vault/role-id}
- {name: REDOUBT_VAULT__SECRET_ID_FILE, value: /run/redoubt/vault/secret-id}
{{- if .Values.vault.ca }}
- {name: REDOUBT_VAULT__CA_FILE, value: /etc/redoubt/vault/ca.crt}
{{- end }}
{{- end -}}

{{/* The worker's service account in place of an AppRole. */}}
{{- define "redoubt.vaultAccount" -}}
- {name: REDOUBT_VAULT__KUBERNETES_ROLE, value: {{ .Values.vault.kubernetesRole | quote }}}
- {name: REDOUBT_VAULT__KUBERNETES_MOUNT, value: {{ .Values.vault.kubernetesMount | quote }}}
- {name: REDOUBT_VAULT__KUBERNETES_TOKEN_FILE, value: /run/redoubt/vault/token}
{{- if .Values.vault.ca }}
- {name: REDOUBT_VAULT__CA_FILE, value: /etc/redoubt/vault/ca.crt}
{{- end }}
{{- end -}}

{{- define "redoubt.clientCertificate" -}}
{{- (index .root.Values .part).kafkaClientCertificateSecret | default .root.Values.kafka.clientCertificateSecret -}}
{{- end -}}

{{- define "redoubt.kafkaMounts" -}}
{{- if .root.Values.kafka.ca }}
- {name: kafka-ca, mountPath: /etc/redoubt/kafka, readOnly: true}
{{- end }}
{{- if include "redoubt.clientCertificate" . }}
- {name: kafka-client, mountPath: /etc/redoubt/kafka-client, readOnly: true}
{{- end }}
{{- end -}}

{{- define "redoubt.kafkaVolumes" -}}
{{- with .root.Values.kafka.ca }}
- name: kafka-ca
{{ include "redoubt.authority" . | indent 2 }}
{{- end }}
{{- with include "redoubt.clientCertificate" . }}
- {name: kafka-client, secret: {secretName: {{ . }}, defaultMode: 0440}}
{{- end }}
{{- end -}}

{{- define "redoubt.authority" -}}
{{- if eq .kind "Secret" -}}
secret: {secretName: {{ .name }}, items: [{key: {{ .key }}, path: ca.crt}], defaultMode: 0440}
{{- else -}}
configMap: {name: {{ .name }}, items: [{key: {{ .key }}, path: ca.crt}], defaultMode: 0440}
{{- end -}}
{{- end -}}

{{/* A closed vault makes a part unready, never dead: a restart would not open it. */}}
{{- define "redoubt.probes" -}}
startupProbe:
  httpGet: {path: /live, port: metrics}
  periodSeconds: 5
  failureThreshold: 36
readinessProbe:
  httpGet: {path: /ready, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  httpGet: {path: /live, port: metrics}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
{{- end -}}

{{- define "redoubt.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
