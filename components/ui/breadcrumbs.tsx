import Link from 'next/link'

export interface Crumb {
  label: string
  href?: string
}

export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Where this is" className="mb-2">
      <ol className="flex flex-wrap items-center gap-2 text-sm text-faint">
        {crumbs.map((crumb, at) => (
          <li key={crumb.label} className="flex items-center gap-2">
            {at > 0 && <span aria-hidden="true">/</span>}
            {crumb.href ? (
              <Link href={crumb.href} className="hover:text-fg">
                {crumb.label}
              </Link>
            ) : (
              <span className="text-muted">{crumb.label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
