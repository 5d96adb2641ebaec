import { ButtonLink } from '../ui/button.tsx'
import { BrandMark } from '../ui/glyph.tsx'

/** An address that leads nowhere: outside of the frame, for nobody may be signed in. */
export function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <div className="w-full max-w-[380px] rounded-lg border border-line bg-surface p-6">
        <BrandMark className="size-9" />
        <h1 className="mt-4">There is no page here</h1>
        <p className="mt-1 mb-4 text-muted">The address may be cut off, or what it led to is gone.</p>
        <ButtonLink href="/" kind="primary">
          To the environments
        </ButtonLink>
      </div>
    </main>
  )
}
