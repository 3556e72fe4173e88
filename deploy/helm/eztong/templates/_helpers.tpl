{{/* The name of everything: the release's, which is enough. */}}
{{- define "eztong.name" -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "eztong.selector" -}}
app.kubernetes.io/name: eztong
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "eztong.labels" -}}
{{ include "eztong.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "eztong.image" -}}
{{- $repository := required "image.repository: build the image (docs/deployment.md) and say where it is" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "eztong.claim" -}}
{{ .Values.persistence.existingClaim | default (printf "%s-data" (include "eztong.name" .)) }}
{{- end -}}

{{/* What a container of this image may do: nothing that a web service does not need. */}}
{{- define "eztong.container" -}}
image: {{ include "eztong.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop:
      - ALL
resources:
  {{- toYaml .Values.resources | nindent 2 }}
{{- end -}}

{{/* The secrets that the service reads as files: [name in the folder of keys, reference]. */}}
{{- define "eztong.secretFiles" -}}
{{- if not (or .Values.maintenance .Values.secrets.rootKey.name) }}
{{- fail "secrets.rootKey.name: the secret with the root key; without it nothing sealed can be opened. The first one is made in maintenance (docs/deployment.md)" }}
{{- end }}
{{- with .Values.secrets.rootKey }}
{{- if .name }}
- secret:
    name: {{ .name }}
    items:
      - key: {{ .key }}
        path: root.key
{{- end }}
{{- end }}
{{- with .Values.secrets.smsHeaders }}
{{- if .name }}
- secret:
    name: {{ .name }}
    items:
      - key: {{ .key }}
        path: sms-headers
{{- end }}
{{- end }}
{{- with .Values.secrets.smtpPassword }}
{{- if .name }}
- secret:
    name: {{ .name }}
    items:
      - key: {{ .key }}
        path: smtp-password
{{- end }}
{{- end }}
{{- end -}}
