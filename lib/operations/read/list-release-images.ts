import { Fault } from '#lib/core/fault/index.ts'
import type { PolicyDecision } from '#lib/core/policy/index.ts'
import type { DecisionRecord, ImageRepositoryRecord, ReleaseImage, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { judgeContainer } from './judge-container.ts'
import type { JudgedTag } from './judge-container.ts'
import { visibleRelease } from './release-view.ts'

export interface ReleaseContainer extends ReleaseImage {
  scan?: ImageRepositoryRecord
  decision: PolicyDecision
  tags: { items: JudgedTag[]; next?: string }
}

export interface ReleaseImages {
  containers: ReleaseContainer[]
  decisions: DecisionRecord[]
}

type Deps = { store: Pick<Store, 'getRelease' | 'getImageRepository' | 'allTags' | 'listDecisions'> }

interface Query {
  container?: string
  search?: string
  /** Name of the last tag of the page before. */
  after?: string
  limit?: number
}

const defaultLimit = 50

/** Every container with its tags judged as the automation would now, and the log of what it decided. */
export async function listReleaseImages(deps: Deps, caller: Caller, id: string, query: Query): Promise<ReleaseImages> {
  const release = await visibleRelease(deps, caller, id)
  const images = release.images.filter(({ container }) => !query.container || container === query.container)
  if (query.container && images.length === 0) {
    throw new Fault('not-found', `${release.name} has no container ${query.container}.`)
  }
  const [containers, decisions] = await Promise.all([
    Promise.all(images.map((image) => judged(deps, image, query))),
    deps.store.listDecisions(id, 50),
  ])
  return { containers, decisions }
}

async function judged(deps: Deps, image: ReleaseImage, query: Query): Promise<ReleaseContainer> {
  const [scan, tags] = await Promise.all([
    deps.store.getImageRepository(image.repository),
    deps.store.allTags(image.repository),
  ])
  const { decision, tags: all } = judgeContainer(image, tags)
  return { ...image, scan, decision, tags: pageOf(all, query) }
}

function pageOf(tags: readonly JudgedTag[], query: Query): { items: JudgedTag[]; next?: string } {
  const found = query.search ? tags.filter(({ name }) => name.includes(query.search ?? '')) : tags
  const start = query.after === undefined ? 0 : found.findIndex(({ name }) => name === query.after) + 1
  const end = start + (query.limit ?? defaultLimit)
  const items = found.slice(start, end)
  return { items, next: end < found.length ? items.at(-1)?.name : undefined }
}
