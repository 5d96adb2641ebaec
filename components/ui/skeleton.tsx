import { classNames } from './class-names.ts'

/** A grey bar in the place of words that are on their way. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'block animate-pulse-soft rounded-sm bg-line motion-reduce:animate-none',
        className ?? 'h-3 w-24',
      )}
    />
  )
}

/** Rows of a list that is on its way, as high as the real ones. */
export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <output aria-label={label} className="block">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="flex h-9 items-center gap-6 border-b border-line px-4 last:border-b-0">
          <Skeleton className="h-3 w-3 rounded-full" />
          <Skeleton className="h-3 w-28" />
          <Skeleton className={classNames('h-3', row % 2 === 0 ? 'w-48' : 'w-36')} />
          <Skeleton className="ml-auto h-3 w-14" />
        </span>
      ))}
    </output>
  )
}
