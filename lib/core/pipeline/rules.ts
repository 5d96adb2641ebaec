import type { DeletionPolicy, Hold, WheelhouseConfig } from './types.ts'

/** An environment may be called `constructor`. */
function entry<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** Why nothing is committed or deployed, if `wheelhouse.yaml` stops everything or one of these environments (§9.13). */
export function stopOver(
  { stop }: Pick<WheelhouseConfig, 'stop'>,
  environments: readonly string[],
): string | undefined {
  if (stop.all !== undefined) return stop.all
  for (const environment of environments) {
    const reason = entry(stop.environments, environment)
    if (reason !== undefined) return reason
  }
  return undefined
}

const careful: readonly DeletionPolicy[] = ['off', 'ask', 'on']

/** What becomes of an object that leaves Git: the most careful of what these environments say. */
export function deletionPolicy(
  { deletion }: Pick<WheelhouseConfig, 'deletion'>,
  environments: readonly string[],
): DeletionPolicy {
  const said = environments.map((environment) => entry(deletion.environments, environment) ?? deletion.default)
  return careful.find((policy) => said.includes(policy)) ?? deletion.default
}

/** The hold on a release's application or environment as the lock it is, saying where it stands (§9.11). */
export function holdOver(
  { holds }: Pick<WheelhouseConfig, 'holds'>,
  { application, environment }: { application: string; environment: string },
): Hold | undefined {
  const [hold, what] =
    [
      [entry(holds.applications, application), `application ${application}`] as const,
      [entry(holds.environments, environment), `environment ${environment}`] as const,
    ].find(([found]) => found !== undefined) ?? []
  if (!hold) return undefined
  const where = `wheelhouse.yaml holds ${what}`
  return { ...hold, message: hold.message ? `${hold.message} (${where})` : where }
}
