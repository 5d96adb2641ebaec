/** The namespace of the product's releases. Helm's queries are bound to it. */
export const namespace = 'bench'

/** A chart of two objects, in the config repository; nothing of it runs (0 replicas). */
export const chartFiles: Record<string, string> = {
  'charts/app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\nappVersion: "1"\n',
  'charts/app/values.yaml': 'image: app:none\nnote: ""\n',
  'charts/app/templates/configmap.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  note: {{ .Values.note | quote }}
`,
  'charts/app/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: 0
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
        - name: app
          image: {{ .Values.image | quote }}
          env:
            - name: NOTE
              value: {{ .Values.note | quote }}
`,
}

export const namespaceFile: Record<string, string> = {
  [`namespaces/${namespace}.yaml`]: `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n`,
}

export const appName = (index: number): string => `app-${String(index).padStart(4, '0')}`
export const keyOf = (name: string): string => `${namespace}/${name}`
export const pathOf = (name: string): string => `releases/${namespace}/${name}.yaml`

export interface ReleaseText {
  name: string
  gitUrl: string
  branch: string
  /** Whole reference; the part before the tag is a repository of this release alone. */
  image: string
  /** Whether new tags `dev-…` are followed. */
  automated: boolean
}

/** The file of one release as it is first committed; `withNote` changes it. */
export function releaseText({ name, gitUrl, branch, image, automated }: ReleaseText): string {
  return `apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${namespace}
  annotations:
    fluxcd.io/automated: "${automated}"
    fluxcd.io/tag.chart-image: glob:dev-*
spec:
  releaseName: ${name}
  chart:
    git: ${gitUrl}
    ref: ${branch}
    path: charts/app
  values:
    image: ${image}
    note: "first"
`
}

/** Another note is another values digest, and another object in the cluster. */
export const withNote = (text: string, note: string): string => text.replace(/note: ".*"/, `note: "${note}"`)
