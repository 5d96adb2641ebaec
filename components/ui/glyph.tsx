import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

const shapes = {
  environments: <path d="M2.5 3.5h11M2.5 8h11M2.5 12.5h11M6 2.5v11M10.5 2.5v11" />,
  arrow: <path d="M3 8h9M9 4.5 12.5 8 9 11.5" />,
  images: <path d="M8 1.8 13.6 5v6L8 14.2 2.4 11V5zM2.6 5.1 8 8.2l5.4-3.1M8 8.2v6" />,
  alerts: <path d="M4 11V7a4 4 0 0 1 8 0v4l1.2 1.5H2.8zM6.8 14h2.4" />,
  inbox: <path d="M2.5 9 4.4 3h7.2l1.9 6v4h-11zM2.5 9h3.2l.8 1.6h3L10.3 9h3.2" />,
  audit: <path d="M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2.5" />,
  repository: (
    <>
      <circle cx="4.5" cy="3.6" r="1.6" />
      <circle cx="4.5" cy="12.4" r="1.6" />
      <circle cx="11.5" cy="5.6" r="1.6" />
      <path d="M4.5 5.2v5.6M11.5 7.2c0 2.6-3.4 2.4-6 3.6" />
    </>
  ),
  settings: (
    <>
      <circle cx="8" cy="8" r="2.2" />
      <path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5" />
    </>
  ),
  automated: <path d="M13 8a5 5 0 0 1-8.7 3.4M3 8a5 5 0 0 1 8.7-3.4M11.7 2v2.6H9.1M4.3 14v-2.6h2.6" />,
  manual: <path d="M8 2.5v6M5.5 5v5M10.5 4v6M3 8.5c0 3.5 2 5 5 5s5-1.5 5-5V6.5" />,
  lock: <path d="M4 7.2h8v6.3H4zM5.6 7.2V5a2.4 2.4 0 0 1 4.8 0v2.2" />,
  unlock: <path d="M4 7.2h8v6.3H4zM5.6 7.2V5a2.4 2.4 0 0 1 4.6-.9" />,
  commit: (
    <>
      <circle cx="8" cy="8" r="2.4" />
      <path d="M1.8 8h3.8M10.4 8h3.8" />
    </>
  ),
  merge: (
    <>
      <circle cx="4.4" cy="3.7" r="1.6" />
      <circle cx="4.4" cy="12.3" r="1.6" />
      <circle cx="11.7" cy="9" r="1.6" />
      <path d="M4.4 5.3v5.4M4.4 5.3c.3 2.6 2.4 3.7 5.7 3.7" />
    </>
  ),
  copy: <path d="M5.5 5.5h7.5v8H5.5zM3 10.5V2.5h7.5" />,
  check: <path d="m3.5 8.4 3 3 6-6.6" />,
  cross: <path d="m4 4 8 8m0-8-8 8" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  more: (
    <>
      <circle cx="3.5" cy="8" r=".6" />
      <circle cx="8" cy="8" r=".6" />
      <circle cx="12.5" cy="8" r=".6" />
    </>
  ),
  down: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  right: <path d="m6.5 4.5 3.5 3.5-3.5 3.5" />,
  download: <path d="M8 2.5v8M4.8 7.6 8 10.8l3.2-3.2M2.8 13.5h10.4" />,
  shield: <path d="M8 1.8 13 3.6v4c0 3.2-2.2 5.4-5 6.6-2.8-1.2-5-3.4-5-6.6v-4zM5.8 8l1.6 1.6 2.9-3.2" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1" />
    </>
  ),
  moon: <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />,
  screen: <path d="M2.2 3h11.6v8H2.2zM6 13.6h4M8 11v2.6" />,
  split: <path d="M2.5 3h11v10h-11zM8 3v10" />,
  unified: <path d="M2.5 3h11v10h-11zM2.5 8h11" />,
  tag: (
    <>
      <path d="M2.5 2.5h5.2l5.8 5.8-5.2 5.2-5.8-5.8z" />
      <circle cx="5.3" cy="5.3" r=".5" />
    </>
  ),
  undo: <path d="M3.2 6.4h6.3a3.6 3.6 0 0 1 0 7.2H6M6 3.2 2.8 6.4 6 9.6" />,
  retry: <path d="M12.9 6A5.2 5.2 0 1 0 13.2 9M13 2.6V6H9.6" />,
  person: (
    <>
      <circle cx="8" cy="5.4" r="2.6" />
      <path d="M3 13.6c.6-2.8 2.5-4.1 5-4.1s4.4 1.3 5 4.1" />
    </>
  ),
  key: (
    <>
      <circle cx="5.2" cy="10.8" r="2.7" />
      <path d="m7.2 8.8 5.6-5.6M10.6 5.4l1.8 1.8" />
    </>
  ),
  leave: <path d="M6.5 2.5h-4v11h4M6.5 8h7M10.8 5 13.5 8l-2.7 3" />,
  trash: <path d="M2.8 4.2h10.4M6.2 4V2.4h3.6V4M4.2 4.4l.7 9.1h6.2l.7-9.1" />,
  external: <path d="M6 3H3v10h10v-3M9 2.6h4.4V7M13.2 2.8 7.6 8.4" />,
  sync: <path d="M2.6 8a5.4 5.4 0 0 1 9.4-3.6M13.4 8A5.4 5.4 0 0 1 4 11.6M12.3 1.8v2.8H9.5M3.7 14.2v-2.8h2.8" />,
  eye: (
    <>
      <path d="M1.6 8C3 5.2 5.2 3.8 8 3.8S13 5.2 14.4 8C13 10.8 10.8 12.2 8 12.2S3 10.8 1.6 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
} satisfies Record<string, ReactNode>

export type GlyphName = keyof typeof shapes

/** A line drawing of 14 px beside words; it says nothing by itself and is hidden from screen readers. */
export function Glyph({ name, className }: { name: GlyphName; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.35"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={classNames('shrink-0', className ?? 'size-3.5')}
    >
      {shapes[name]}
    </svg>
  )
}

export function BrandMark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      aria-hidden="true"
      className={classNames('shrink-0 text-brass', className ?? 'size-[22px]')}
    >
      <circle cx="12" cy="12" r="6.6" />
      <circle cx="12" cy="12" r="1.9" fill="currentColor" stroke="none" />
      <path d="M12 1.6v20.8M1.6 12h20.8" />
      <path d="M4.65 4.65l14.7 14.7M4.65 19.35l14.7-14.7" opacity=".55" />
    </svg>
  )
}
