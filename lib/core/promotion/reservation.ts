import { hasEnded, type PromotionState } from './types.ts'

/** A promotion as far as it may reserve. */
export interface Reserving {
  id: string
  /** Release id of the target. */
  release: string
  state: PromotionState
  images: readonly { container: string; tag: string }[]
  /** It waits for CI to build them from what it merged. */
  building?: boolean
}

/**
 * Containers of a release that a promotion is about to write, with its id: the tag it puts into the registry is its own,
 * and automation leaves them alone until the commit is there.
 */
export function reservedContainers(promotions: readonly Reserving[], release: string): Map<string, string> {
  const writing = promotions.filter(
    (promotion) => promotion.release === release && (promotion.state === 'writing' || promotion.building),
  )
  return new Map(writing.flatMap(({ id, images }) => images.map(({ container }) => [container, id] as const)))
}

/**
 * The promotion on its way into a release that brings these tags already, so that seeing them in the registry, as after
 * its own re-tagging, begins no second one.
 */
export function promotionBringing(
  promotions: readonly Reserving[],
  release: string,
  tags: readonly { container: string; tag: string }[],
): string | undefined {
  return promotions.find(
    (promotion) =>
      promotion.release === release &&
      !hasEnded(promotion.state) &&
      tags.every(({ container, tag }) =>
        promotion.images.some((image) => image.container === container && image.tag === tag),
      ),
  )?.id
}
