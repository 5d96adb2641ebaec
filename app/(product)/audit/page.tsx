import { AuditPage } from '#components/audit/audit-page.tsx'

export const metadata = { title: 'Audit' }

export default function Page() {
  return <AuditPage />
}
