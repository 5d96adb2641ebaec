'use client'

import type { verifyAudit } from '#lib/api/audit.ts'
import type { ResponseOf } from '#lib/api/endpoint.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { useVerification } from './use-audit.ts'

type Intact = Extract<ResponseOf<typeof verifyAudit>, { kind: 'intact' }>

/** How far the trail is written down outside the database. */
function Anchor({ verdict: { anchor, notAnchored, problem } }: { verdict: Intact }) {
  return (
    <span className="block text-muted">
      {anchor ? (
        <>
          Git knows it up to event {anchor.seq}, <RelativeTime at={anchor.at} />, in{' '}
          <span className="mono">{anchor.ref}</span>
          <CopyButton text={anchor.fingerprint} label="Copy the fingerprint of the signing key" />.{' '}
          {notAnchored > 0 && `${notAnchored} ${notAnchored === 1 ? 'event is' : 'events are'} not yet anchored.`}
        </>
      ) : (
        'Nothing of it is anchored in Git yet.'
      )}
      {problem && <span className="block text-bad">{problem}</span>}
    </span>
  )
}

export function VerifyButton() {
  const verification = useVerification()
  return (
    <Button busy={verification.isFetching} onClick={() => void verification.refetch()}>
      {!verification.isFetching && <Glyph name="shield" />}
      Verify
    </Button>
  )
}

/** What the last walk along the chain found. */
export function Verification() {
  const { data, isError, isFetching } = useVerification()
  if (isFetching) return null
  if (isError)
    return (
      <Banner state="bad">
        The chain could not be walked. Try again; if it stays, look into the log of the web process.
      </Banner>
    )
  if (!data) return null
  if (data.kind === 'intact') {
    return (
      <Banner state="ok">
        <output>
          <b className="font-semibold">Intact:</b> {data.rows} events, each bound to the one before.
          {data.head && (
            <span className="ml-2 inline-flex items-center gap-1 text-faint">
              head <span className="mono">{data.head.slice(0, 12)}</span>
              <CopyButton text={data.head} label="Copy the head hash" />
            </span>
          )}
          <Anchor verdict={data} />
        </output>
      </Banner>
    )
  }
  return (
    <Banner state="bad">
      <span role="alert">
        <b className="font-semibold">Broken at event {data.seq}:</b> {data.reason} {data.rows} events before it are
        intact. Compare with an export made earlier.
      </span>
    </Banner>
  )
}
