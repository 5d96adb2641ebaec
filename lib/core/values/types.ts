import type { Problem } from '../problem/index.ts'
import type { ImageRef } from '../image/types.ts'

/** One image found in a HelmRelease's values (semantics §2, §9.8). */
export interface Container {
  /** `chart-image`, the key that holds the image, a dotted path for the deep extension, or the mapped alias. */
  name: string
  image: ImageRef
  /** Found by the product's own extension only: automated only with an explicit filter. */
  needsFilter: boolean
  /** Path of the scalar that holds the tag, below the document root: `['spec','values','image','tag']`. */
  tagPath: readonly (string | number)[]
}

/** One intended change of a document; edits replace only bytes of the scalars they name (§9.10). */
export type DocumentChange =
  | { kind: 'image'; container: string; tag: string; digest?: string }
  /** `value: null` deletes the key; an emptied map is removed. */
  | { kind: 'annotation'; key: string; value: string | null }
  | { kind: 'scalar'; path: readonly (string | number)[]; value: string }
  /** The whole spec as an earlier commit has it; `earlier` is the text of its file there, `id` what it was called. */
  | { kind: 'spec'; commit: string; earlier: string; id?: string }

export type EditedDocument = { ok: true; text: string } | { ok: false; problem: Problem }

export interface DocumentTarget {
  /** Object id, `dev:helmrelease/podinfo-dev`. */
  id: string
  path: string
}
