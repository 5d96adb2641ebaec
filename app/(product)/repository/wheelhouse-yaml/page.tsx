import { WheelhouseFilePage } from '#components/wheelhouse-file/wheelhouse-file-page.tsx'

export const metadata = { title: 'wheelhouse.yaml' }

export default function Page() {
  return <WheelhouseFilePage />
}
