import { describe, expect, it } from 'vitest'
import { headIsRead } from '#test/fixtures/promotion-work.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const gated = (count: number) =>
  `environments:\n  - dev\n  - stg\n  - name: prod\n    gates:\n      approvals: ${count}\n`
const deployment = '/apis/apps/v1/namespaces/dev/deployments/podinfo-dev'

export function configuring(the: () => ProductInBrowser): void {
  const editor = () => the().page.getByRole('textbox', { name: 'wheelhouse.yaml' })
  /** Takes the place of the whole text, as from the clipboard. */
  const type = async (text: string) => {
    await editor().click()
    await the().page.keyboard.press('ControlOrMeta+a')
    await the().page.keyboard.insertText(text)
  }

  describe('wheelhouse.yaml is edited', () => {
    it('with its problems at their lines, and not written while it has any', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await product.git.push({ 'wheelhouse.yaml': gated(1) }, 'As the flows before had it')
      await headIsRead(product)
      await page.goto(`${product.web}/repository`)
      await untilLive(page)
      await page.getByRole('link', { name: 'wheelhouse.yaml' }).click()
      await page.getByRole('heading', { level: 1, name: 'wheelhouse.yaml' }).waitFor()
      await page.getByText('It can be written as it is.').waitFor()
      await type(gated(2).replace('gates', 'gatez'))
      const problem = page.getByRole('listitem').filter({ hasText: 'environments.2.gatez: is not known' })
      await problem.getByText(/Known there: .*gates/).waitFor()
      await problem.getByRole('button', { name: 'line 5' }).click()
      await page.keyboard.press('ControlOrMeta+s')
      expect(await page.getByRole('dialog').count()).toBe(0)
      const write = page.getByRole('button', { name: 'Write …' })
      expect(await write.getAttribute('aria-disabled')).toBe('true')
    })

    it('and left by Escape and Tab', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await editor().focus()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Tab')
      expect(await editor().evaluate((box) => box.contains(document.activeElement))).toBe(false)
    })

    it('by keyboard alone, as one commit with its own line', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      const head = await product.git.head()
      await type(gated(2))
      await page.getByText('It can be written as it is.').waitFor()
      await page.getByRole('list', { name: 'The pipeline it draws' }).getByText('2 approvals').waitFor()
      await page.keyboard.press('ControlOrMeta+s')
      const dialog = page.getByRole('dialog', { name: 'Write wheelhouse.yaml' })
      await dialog.getByLabel('What it changes').fill('Two have to agree to prod')
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'detached' })
      await page.getByText('as in Git').waitFor()
      const commits = await product.git.commits(head, await product.git.head())
      expect(commits).toHaveLength(1)
      expect(await product.git.message(commits[0] ?? '')).toMatch(/^Two have to agree to prod\n/)
      expect(await product.git.read('wheelhouse.yaml')).toBe(gated(2).trim())
    })

    it('told beforehand that the old gates hold what loosens them', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await type(gated(1))
      await page.getByText('This loosens the gates of prod:').waitFor()
      await page.keyboard.press('ControlOrMeta+s')
      const dialog = page.getByRole('dialog', { name: 'Write wheelhouse.yaml' })
      await dialog.getByText('approvals go from 2 to 1').waitFor()
      expect(await dialog.getByRole('button', { name: 'Commit' }).getAttribute('aria-disabled')).toBe('true')
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    })

    it('and kept while somebody else changes the file', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await product.git.push({ 'wheelhouse.yaml': `${gated(2)}# theirs\n` }, 'Meanwhile')
      await page.getByText('The file was changed meanwhile.').waitFor()
      expect(await editor().innerText()).toContain('approvals: 1')
      await page.getByRole('button', { name: 'Take theirs' }).click()
      await page.getByText('as in Git').waitFor()
      expect(await editor().innerText()).toContain('# theirs')
    })
  })

  it('a revision is compared with what runs', async () => {
    const { page, product, release } = the()
    pictureOnFailure(page)
    const { path, revision } = await release('podinfo-dev')
    await page.goto(`${path}/history`)
    await untilLive(page)
    await page.getByLabel('To revision').selectOption('live')
    await page.getByText(`The cluster has just what revision ${revision} says.`).waitFor()
    const { body } = await product.world.api.get(deployment)
    const live = body as { spec: { template: { spec: { containers: { imagePullPolicy: string }[] } } } }
    const [container] = live.spec.template.spec.containers
    if (container) container.imagePullPolicy = 'Never'
    await product.world.api.replace(deployment, live)
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByText('spec.template.spec.containers[podinfo].imagePullPolicy').waitFor()
    expect(new URL(page.url()).searchParams.get('to')).toBe('live')
  })
}
