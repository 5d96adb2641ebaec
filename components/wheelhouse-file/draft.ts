/** The file at the head of the branch; `blob` null = there is none. */
export interface Head {
  blob: string | null
  text: string | null
}

/** What somebody has typed, and the file that it starts from. */
export interface Draft {
  text: string
  base: string | null
}

export type DraftState =
  /** Nothing is typed that the head does not say. */
  | { kind: 'clean'; text: string }
  | { kind: 'changed'; text: string; base: string | null }
  /** The head is another one than the text starts from. */
  | { kind: 'moved'; text: string; base: string | null }

/** How a draft stands to the head: one that says what the head says, as after its own commit, is none any more. */
export function draftState(head: Head, draft: Draft | undefined): DraftState {
  const text = head.text ?? ''
  if (!draft || draft.text === text) return { kind: 'clean', text }
  return { kind: draft.base === head.blob ? 'changed' : 'moved', ...draft }
}

/** What is typed next starts from where the draft does, or else from the head. */
export function typed(state: DraftState, head: Head, text: string): Draft {
  return { text, base: state.kind === 'clean' ? head.blob : state.base }
}
