'use client'

import type { PromotionDetail } from '#lib/api/promotions.ts'
import { Section } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Glyph, type GlyphName } from '../ui/glyph.tsx'
import { OutsideLink } from '../ui/outside-link.tsx'
import { ChangeWay } from './change-way.tsx'
import { isUnwritten, shortDigest, wayWords } from './promotion-state.ts'

const wayGlyph = (way: string): GlyphName => (way === 'retag' ? 'tag' : way === 'merge' ? 'merge' : 'commit')

/** What is brought, and under which tag. */
export function PromotionImages({ promotion }: { promotion: PromotionDetail }) {
  if (promotion.images.length === 0) return null
  return (
    <Section title={imagesTitle(promotion)}>
      <ul className="divide-y divide-line">
        {promotion.images.map((image) => (
          <li key={`${image.container}-${image.repository}`} className="px-4 py-2.5">
            <p className="mono font-medium">{image.tag}</p>
            <p className="mono text-xs break-all text-muted">{image.repository}</p>
            <p className="flex items-center gap-1 text-xs text-faint">
              <span className="mono" title={image.digest}>
                {shortDigest(image.digest)}
              </span>
              <CopyButton text={image.digest} label={`Copy the digest of ${image.tag}`} /> for {image.container}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What is merged is not what runs on the left: that is only where it was tried. */
function imagesTitle({ images, merge, from }: PromotionDetail): string {
  if (merge && !merge.built) return `Runs in ${from ?? 'the source'}`
  return images.length === 1 ? 'Image' : 'Images'
}

/** How it gets there, and what the commit says. */
export function PromotionWay({
  promotion,
  why,
  onWhy,
}: {
  promotion: PromotionDetail
  why: string
  onWhy: (why: string) => void
}) {
  const asks = isUnwritten(promotion.state) && !promotion.applied
  return (
    <Section title="How">
      <p className="flex items-start gap-2.5 px-4 py-2.5">
        <Glyph name={wayGlyph(promotion.way)} className="mt-[3px] size-3.5 text-muted" />
        <span className="min-w-0">
          {wayWords(promotion.way)}
          {promotion.pullRequest && (
            <>
              {' '}
              <OutsideLink href={promotion.pullRequest.url}>Pull request #{promotion.pullRequest.number}</OutsideLink>
            </>
          )}
        </span>
      </p>
      {asks && (
        <Field
          label="Why (goes into the commit and the audit)"
          hint={promotion.message ? undefined : 'May stay empty.'}
          className="border-t border-line px-4 py-2.5"
        >
          {(parts) => (
            <Input
              {...parts}
              value={why}
              placeholder={promotion.message}
              maxLength={500}
              onChange={(event) => onWhy(event.target.value)}
            />
          )}
        </Field>
      )}
      {asks && promotion.from && promotion.way !== 'let-through' && promotion.images.length > 0 && (
        <ChangeWay promotion={promotion} from={promotion.from} />
      )}
      {promotion.commitText && promotion.way !== 'let-through' && promotion.merge?.built !== false && (
        <details className="border-t border-line">
          <summary className="px-4 py-2 text-xs text-muted hover:text-fg">What the commit will say</summary>
          <pre className="mono px-4 pb-3 text-xs break-words whitespace-pre-wrap text-muted">
            {promotion.commitText}
          </pre>
        </details>
      )}
    </Section>
  )
}
