import type { Problem } from '#lib/core/problem/index.ts'
import type { KnownSecrets, Redaction } from '#lib/core/redact/index.ts'
import type { CommandState, NewAudit, ReleasePatch, Store } from '#lib/ports/store/index.ts'

type Sinks = Pick<Redaction, 'audit' | 'reason'>

/**
 * The store without secrets in what people read: whoever writes a reason, a problem or a row of the audit trail need not
 * think of it. Ids, names and what is decided on go through untouched.
 */
export function redactingStore(store: Store, sinks: Readonly<Sinks>, secrets: KnownSecrets): Store {
  const says = wordsOf(sinks, secrets)
  return {
    ...store,
    transaction: (work) => store.transaction((inner) => work(redactingStore(inner, sinks, secrets))),
    record: (entries) => store.record(entries.map(says.audit)),
    enqueueWrite: (request, operation, audit) =>
      store.enqueueWrite(request, { ...operation, reason: says.text(operation.reason) }, audit.map(says.audit)),
    createOperation: (operation) => store.createOperation({ ...operation, reason: says.text(operation.reason) }),
    updateOperation: (id, patch) => store.updateOperation(id, says.reason(patch)),
    saveAttempt: (attempt) => store.saveAttempt(says.message(attempt)),
    saveRelease: (id, patch) => store.saveRelease(id, says.release(patch)),
    addReleases: (patches) =>
      store.addReleases(new Map([...patches].map(([id, patch]) => [id, says.release(patch)] as const))),
    saveInventory: (records) => store.saveInventory(records.map(says.problem)),
    saveSnapshot: (record) => store.saveSnapshot({ ...record, problems: record.problems.map(says.ofProblem) }),
    saveImageRepository: (record, dueAtStart) => store.saveImageRepository(says.problem(record), dueAtStart),
    savePromotion: (promotion) => store.savePromotion({ ...promotion, reason: says.text(promotion.reason) }),
    openAlert: (alert, now) =>
      store.openAlert({ ...alert, title: says.text(alert.title), detail: says.text(alert.detail) }, now),
    finishCommand: (id, state) => store.finishCommand(id, says.command(state)),
  }
}

/** The same for each shape that texts come in. */
function wordsOf(sinks: Readonly<Sinks>, secrets: KnownSecrets) {
  const text = (words: string) => sinks.reason(words, secrets.everywhere())
  const ofProblem = (problem: Problem): Problem => ({
    ...problem,
    message: text(problem.message),
    ...(problem.suggestion === undefined ? {} : { suggestion: text(problem.suggestion) }),
  })
  return {
    text,
    ofProblem,
    reason: <T extends { reason?: string }>(patch: T): T =>
      patch.reason === undefined ? patch : { ...patch, reason: text(patch.reason) },
    message: <T extends { message?: string }>(attempt: T): T =>
      attempt.message === undefined ? attempt : { ...attempt, message: text(attempt.message) },
    problem: <T extends { problem?: Problem }>(record: T): T =>
      record.problem === undefined ? record : { ...record, problem: ofProblem(record.problem) },
    release: (patch: ReleasePatch): ReleasePatch => ({
      ...patch,
      ...(patch.reason === undefined ? {} : { reason: text(patch.reason) }),
      ...(patch.healthReason === undefined ? {} : { healthReason: text(patch.healthReason) }),
      ...(patch.problems === undefined ? {} : { problems: patch.problems.map(ofProblem) }),
    }),
    audit(row: NewAudit): NewAudit {
      const known = secrets.everywhere()
      const { reason, data } = sinks.audit({ reason: row.reason, data: row.data }, known)
      return { ...row, data: data as NewAudit['data'], ...(reason === undefined ? {} : { reason: reason as string }) }
    },
    command: (state: CommandState): CommandState =>
      state.kind !== 'failed'
        ? state
        : {
            ...state,
            message: text(state.message),
            ...(state.suggestion === undefined ? {} : { suggestion: text(state.suggestion) }),
          },
  }
}
