import { PromotionsPage } from '#components/promotions/promotions-page.tsx'

export const metadata = { title: 'Promotions' }

export default function Page() {
  return <PromotionsPage />
}
