import { ForThose } from '#components/settings/settings-frame.tsx'
import { People } from '#components/settings/people.tsx'

export const metadata = { title: 'People' }

export default function Page() {
  return (
    <ForThose permission="people:read">
      <People />
    </ForThose>
  )
}
