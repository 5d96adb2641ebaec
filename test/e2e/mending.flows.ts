import { describe, expect, it } from 'vitest'
import { listAudit } from '#lib/api/audit.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

export function mending(the: () => ProductInBrowser): void {
  describe('a release that fails', () => {
    const path = 'releases/prod/podinfo.yaml'

    it('says what, why and what next, and is tried again at a press', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      await page.goto(product.web)
      await untilLive(page)
      const good = await product.git.read(path)
      // An API server takes no such port: helm fails, and the old revision serves on.
      await product.git.push(
        { [path]: good.replace(/^( +)values:$/m, '$1values:\n$1  service: { port: -1 }') },
        'Break it',
      )
      const attention = page.getByRole('region', { name: 'What needs attention' })
      await attention.getByText('podinfo-prod').first().waitFor()
      await attention.getByRole('link', { name: 'Open podinfo-prod' }).click()
      const told = page.getByRole('region', { name: 'What is wrong' })
      await told.getByText(/must be between 1 and 65535/).waitFor()
      await told
        .getByText(/failed/)
        .first()
        .waitFor()
      await told.getByRole('button', { name: 'Retry now' }).click()
      await expect
        .poll(async () => {
          const { id } = await release('podinfo-prod')
          const { items } = await product.call(listAudit, { query: { release: id, kind: 'release.retry-asked' } })
          return items.length
        })
        .toBe(1)
      await product.git.push({ [path]: good }, 'Mend it')
      await told.waitFor({ state: 'detached' })
    })
  })

  describe('a file is removed from Git', () => {
    it('asks on the Repository page, and uninstalls after consent', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/repository`)
      await untilLive(page)
      await product.git.push({ 'releases/dev/redis.yaml': null }, 'Remove redis')
      const row = page.getByRole('region', { name: 'Left Git' })
      await row.getByText('redis-dev').first().waitFor()
      await row.getByText('waiting for consent').waitFor()
      expect(await product.helm('list', '-n', 'dev', '-q')).toContain('redis-dev')

      await row.getByRole('button', { name: 'Delete …' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Delete redis-dev?' })
      await dialog.getByText('The release is uninstalled with everything it owns.').waitFor()
      await dialog.getByRole('button', { name: 'Delete from the cluster' }).click()
      await expect.poll(() => product.helm('list', '-n', 'dev', '-q')).not.toContain('redis-dev')
    })

    it('a file that cannot be read is shown with its line', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/repository`)
      await untilLive(page)
      await product.git.push({ 'releases/dev/broken.yaml': 'kind: [\n' }, 'Break a file')
      const place = page
        .getByRole('list', { name: 'Problems in the repository' })
        .getByText(/^releases\/dev\/broken\.yaml/)
        .last()
      expect(await place.innerText()).toMatch(/broken\.yaml:2/)
    })
  })
}
