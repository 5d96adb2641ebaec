export interface BranchNaming {
  environment: string
  /** `branches` of the application in `wheelhouse.yaml`. */
  written: Readonly<Record<string, string>> | undefined
  /** Nothing is promoted from this environment. */
  isLast: boolean
  /** Of the source repository. */
  defaultBranch: string
}

/** Branches that the images of an environment may be built from; the first one that exists is it. */
export function branchesOf({ environment, written, isLast, defaultBranch }: BranchNaming): string[] {
  if (written && Object.hasOwn(written, environment)) return [written[environment] ?? '']
  return [...new Set([environment, ...(isLast ? [defaultBranch] : [])])]
}
