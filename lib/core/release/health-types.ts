/** Few fields of one container of a pod, enough to say why it does not run. */
export interface ContainerStatus {
  name: string
  image: string
  ready: boolean
  restarts: number
  init: boolean
  /** Why it waits: `CrashLoopBackOff`, `ImagePullBackOff`, `ContainerCreating` …, and the kubelet's words. */
  waiting?: { reason: string; message?: string }
  /** How it last ended, if it did. */
  ended?: { reason: string; exitCode: number }
  running: boolean
}

export interface PodStatus {
  name: string
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  ready: boolean
  /** Milliseconds since the epoch. */
  createdAt: number
  /** The scheduler's words where no node takes it. */
  unschedulable?: string
  deleting: boolean
  containers: ContainerStatus[]
}

/** One workload of a release with the pods of its newest generation. */
export interface WorkloadStatus {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job'
  namespace: string
  name: string
  /** The controller has not seen the newest spec yet. */
  outdated: boolean
  /** Pods wanted; completions for a Job. */
  desired: number
  /** Pods of the newest spec; for a Job those that succeeded. */
  updated: number
  /** Pods of any spec that serve. */
  available: number
  /** Pods that exist, old ones included. */
  total: number
  paused: boolean
  /** The controller gave up: `ProgressDeadlineExceeded`, a Job's `BackoffLimitExceeded` …, and its words. */
  failed?: { reason: string; message?: string }
  /** Milliseconds since the epoch of the last change of the rollout, where the controller says one. */
  changedAt?: number
  pods: PodStatus[]
}

export type ReleaseHealth =
  | { kind: 'healthy'; reason: string; since?: number }
  | { kind: 'progressing'; reason: string; since?: number }
  /** A cause is seen that may still pass (an image that cannot be pulled, a crash). */
  | { kind: 'failing'; reason: string; since?: number }
  /** Nothing more will happen by itself. */
  | { kind: 'stuck'; reason: string; since?: number }
  | { kind: 'unknown'; reason: string; since?: number }
