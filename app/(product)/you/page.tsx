import { You } from '#components/you/you.tsx'

export const metadata = { title: 'You' }

export default function Page() {
  return <You />
}
