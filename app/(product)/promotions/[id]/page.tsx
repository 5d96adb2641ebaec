import { PromotionPage } from '#components/promotions/promotion-page.tsx'

export const metadata = { title: 'Promotion' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <PromotionPage id={decodeURIComponent(id)} />
}
