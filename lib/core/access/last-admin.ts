import { everywhere, type Role } from './types.ts'

interface Holder {
  id: string
  roles: Readonly<Record<string, Role>>
  disabledAt?: number
}

const administers = ({ roles, disabledAt }: Holder): boolean =>
  disabledAt === undefined && roles[everywhere] === 'admin'

/** Whether somebody can still administer once `id` is as `after` says; without `after` they are gone. */
export function keepsAnAdmin(people: readonly Holder[], id: string, after?: Omit<Holder, 'id'>): boolean {
  const changed = people.filter((person) => person.id !== id)
  return (after && administers({ id, ...after })) || changed.some(administers)
}
