import { RepositoryPage } from '#components/repository/repository-page.tsx'

export const metadata = { title: 'Repository' }

export default function Page() {
  return <RepositoryPage />
}
