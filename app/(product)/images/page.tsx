import { ImagesPage } from '#components/images/images-page.tsx'

export const metadata = { title: 'Images' }

export default function Page() {
  return <ImagesPage />
}
