import type { Problem } from '../problem/index.ts'
import type { Splice } from './map-edit.ts'
import type { Path } from './yaml-node.ts'

/** What one change does: bytes to replace, and what the object must read as afterwards. */
export interface PlannedEdit {
  splices: Splice[]
  /** `undefined` = the key is gone. */
  outcome: { path: Path; value: unknown }[]
}

export type EditPlan = { ok: true; edit: PlannedEdit } | { ok: false; problem: Problem }

export const nothingToDo: EditPlan = { ok: true, edit: { splices: [], outcome: [] } }

export function planned(splices: readonly (Splice | undefined)[], outcome: PlannedEdit['outcome']): EditPlan {
  return { ok: true, edit: { splices: splices.filter((splice) => splice !== undefined), outcome } }
}

export function refuse(code: string, message: string, suggestion?: string): { ok: false; problem: Problem } {
  return {
    ok: false,
    problem: { code, severity: 'error', message, ...(suggestion === undefined ? {} : { suggestion }) },
  }
}

export function refuseShared(what: string): { ok: false; problem: Problem } {
  const message = `${what} comes from a YAML alias or merge key, so an edit would change another place too.`
  return refuse('edit-shared', message, 'Write the value out in this place.')
}

export function refuseForm(what: string): { ok: false; problem: Problem } {
  const message = `${what} is written in a form that cannot be edited byte by byte.`
  return refuse('edit-form-unsupported', message, 'Write it on one line as key: value.')
}
