import { ForThose } from '#components/settings/settings-frame.tsx'
import { Tokens } from '#components/settings/tokens.tsx'

export const metadata = { title: 'API tokens' }

export default function Page() {
  return (
    <ForThose permission="tokens:write">
      <Tokens />
    </ForThose>
  )
}
