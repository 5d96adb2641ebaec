import { ForThose } from '#components/settings/settings-frame.tsx'
import { SignInProviders } from '#components/settings/sign-in-providers.tsx'

export const metadata = { title: 'Sign-in' }

export default function Page() {
  return (
    <ForThose permission="settings:read">
      <SignInProviders />
    </ForThose>
  )
}
