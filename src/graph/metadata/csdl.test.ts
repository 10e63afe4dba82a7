import { describe, expect, test } from 'vitest'
import { csdl } from './csdl.ts'

const v1 = csdl('v1.0')
const beta = csdl('beta')
/** The element of that kind and name, whole. */
const element = (document: string, kind: string, name: string) =>
  document.split('\n').find((line) => line.startsWith(`<${kind} Name="${name}"`))

describe('the metadata of both versions', () => {
  test.each([v1, beta])('is one CSDL 4.0 schema microsoft.graph, alias graph', (document) => {
    expect(
      document.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<edmx:Edmx Version="4.0"'),
    ).toBe(true)
    expect(document).toContain(
      '<Schema Namespace="microsoft.graph" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    )
    expect(document.match(/<Schema /g)).toHaveLength(1)
  })

  test.each([v1, beta])('roots every entity in one with a text as key', (document) => {
    expect(element(document, 'EntityType', 'entity')).toBe(
      '<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>',
    )
  })

  test.each([v1, beta])('holds tokens, apps and books inside deviceAppManagement', (document) => {
    expect(element(document, 'EntityType', 'deviceAppManagement')).toBe(
      '<EntityType Name="deviceAppManagement" BaseType="graph.entity"><NavigationProperty Name="vppTokens" Type="Collection(graph.vppToken)" ContainsTarget="true"/><NavigationProperty Name="mobileApps" Type="Collection(graph.mobileApp)" ContainsTarget="true"/><NavigationProperty Name="managedEBooks" Type="Collection(graph.managedEBook)" ContainsTarget="true"/></EntityType>',
    )
    expect(document).toContain(
      '<Singleton Name="deviceAppManagement" Type="microsoft.graph.deviceAppManagement"/>',
    )
  })

  test.each([v1, beta])('binds syncLicenses to a token', (document) => {
    expect(document).toContain(
      '<Action Name="syncLicenses" IsBound="true"><Parameter Name="bindingParameter" Type="graph.vppToken"/><ReturnType Type="graph.vppToken"/></Action>',
    )
  })

  test.each([v1, beta])('says nothing of concurrency or capabilities', (document) => {
    expect(document).not.toContain('Annotation')
  })

  test.each([v1, beta])(
    'declares each type that it refers to, and refers to each but the roots',
    (document) => {
      const declared = [...document.matchAll(/<(?:Entity|Complex|Enum)Type Name="(\w+)"/g)].map(
        ([, name]) => name,
      )
      const used = new Set(
        [...document.matchAll(/"(?:Collection\()?(?:microsoft\.)?graph\.(\w+)\)?"/g)].map(
          ([, name]) => name,
        ),
      )
      const bases = new Set(
        [...document.matchAll(/BaseType="graph\.(\w+)"/g)].map(([, name]) => name),
      )
      expect([...used].filter((name) => !declared.includes(name))).toEqual([])
      // Derived types are shown in place of what they derive from.
      const derived = declared.filter((name) =>
        new RegExp(`Name="${name}" BaseType="graph\\.(?!entity")`).test(document),
      )
      expect(
        declared.filter((name) => !used.has(name) && !bases.has(name) && !derived.includes(name)),
      ).toEqual([])
      expect(new Set(declared).size).toBe(declared.length)
    },
  )
})

describe('the metadata of v1.0', () => {
  test('gives a token the properties of v1.0 and no others', () => {
    expect(element(v1, 'EntityType', 'vppToken')).toBe(
      '<EntityType Name="vppToken" BaseType="graph.entity"><Property Name="organizationName" Type="Edm.String"/><Property Name="vppTokenAccountType" Type="graph.vppTokenAccountType" Nullable="false"/><Property Name="appleId" Type="Edm.String"/><Property Name="expirationDateTime" Type="Edm.DateTimeOffset" Nullable="false"/><Property Name="lastSyncDateTime" Type="Edm.DateTimeOffset" Nullable="false"/><Property Name="token" Type="Edm.String"/><Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset" Nullable="false"/><Property Name="state" Type="graph.vppTokenState" Nullable="false"/><Property Name="lastSyncStatus" Type="graph.vppTokenSyncStatus" Nullable="false"/><Property Name="automaticallyUpdateApps" Type="Edm.Boolean" Nullable="false"/><Property Name="countryOrRegion" Type="Edm.String"/></EntityType>',
    )
  })

  test('has no state for a location that is stored twice, as none is shown there', () => {
    expect(element(v1, 'EnumType', 'vppTokenState')).toBe(
      '<EnumType Name="vppTokenState"><Member Name="unknown" Value="0"/><Member Name="valid" Value="1"/><Member Name="expired" Value="2"/><Member Name="invalid" Value="3"/><Member Name="assignedToExternalMDM" Value="4"/></EnumType>',
    )
  })

  test('knows neither the old entity nor apps for macOS nor licences', () => {
    expect(v1).not.toMatch(/appleVolumePurchaseProgramToken|macOs|AssignedLicense|organization"/)
  })

  test('gives the licensing type the two fields of v1.0', () => {
    expect(element(v1, 'ComplexType', 'vppLicensingType')).toBe(
      '<ComplexType Name="vppLicensingType"><Property Name="supportsUserLicensing" Type="Edm.Boolean" Nullable="false"/><Property Name="supportsDeviceLicensing" Type="Edm.Boolean" Nullable="false"/></ComplexType>',
    )
  })

  test.each([
    ['iosVppApp', 'releaseDateTime', 'Edm.DateTimeOffset'],
    ['subscribedSku', 'skuId', 'Edm.Guid'],
    ['subscribedSku', 'consumedUnits', 'Edm.Int32'],
  ])('lets %s.%s be null, as Graph does, though here it never is', (type, name, kind) => {
    expect(element(v1, 'EntityType', type)).toContain(`<Property Name="${name}" Type="${kind}"/>`)
  })

  test('promises a title to every book, which beta does not', () => {
    const title = '<Property Name="displayName" Type="Edm.String"'
    expect(element(v1, 'EntityType', 'managedEBook')).toContain(`${title} Nullable="false"/>`)
    expect(element(beta, 'EntityType', 'managedEBook')).toContain(`${title}/>`)
  })

  test('spells the token of a book as a GUID', () => {
    expect(element(v1, 'EntityType', 'iosVppEBook')).toContain(
      '<Property Name="vppTokenId" Type="Edm.Guid" Nullable="false"/>',
    )
  })
})

describe('the metadata of beta', () => {
  const protocol =
    '<Property Name="appleDeviceAppDeliveryProtocolType" Type="graph.appleDeviceDeliveryProtocol"'
  test.each([
    ['vppToken', '<Property Name="lastAppCount" Type="Edm.Int32"/>'],
    ['vppToken', `${protocol} Nullable="false"/>`],
    ['iosVppApp', `${protocol}/>`],
    ['macOsVppApp', `${protocol}/>`],
    ['macOsVppApp', '<Property Name="releaseDateTime" Type="Edm.DateTimeOffset"/>'],
  ])('says of %s what may be null: %s', (type, property) => {
    expect(element(beta, 'EntityType', type)).toContain(property)
  })

  test('holds the old entity inside an organization, its enums as text', () => {
    expect(beta).toContain(
      '<EntitySet Name="organization" EntityType="microsoft.graph.organization"/>',
    )
    expect(element(beta, 'EntityType', 'organization')).toBe(
      '<EntityType Name="organization" BaseType="graph.entity"><NavigationProperty Name="appleVolumePurchaseProgramTokens" Type="Collection(graph.appleVolumePurchaseProgramToken)" ContainsTarget="true"/></EntityType>',
    )
    const old = element(beta, 'EntityType', 'appleVolumePurchaseProgramToken')
    for (const name of ['volumePurchaseProgramTokenAccountType', 'state', 'lastSyncStatus'])
      expect(old).toContain(`<Property Name="${name}" Type="Edm.String" Nullable="false"/>`)
  })

  test('binds syncApps to the old entity only', () => {
    expect(beta.match(/<Action Name="syncApps".*/g)).toEqual([
      '<Action Name="syncApps" IsBound="true"><Parameter Name="bindingParameter" Type="graph.appleVolumePurchaseProgramToken"/><ReturnType Type="graph.appleVolumePurchaseProgramToken"/></Action>',
    ])
  })

  test('binds what counts licences to the collection of tokens', () => {
    expect(beta).toContain(
      '<Action Name="syncLicenseCounts" IsBound="true"><Parameter Name="bindingParameter" Type="Collection(graph.vppToken)"/></Action>',
    )
    expect(beta).toContain(
      '<Function Name="getLicensesForApp" IsBound="true"><Parameter Name="bindingParameter" Type="Collection(graph.vppToken)"/><Parameter Name="bundleId" Type="Edm.String" Nullable="false"/><ReturnType Type="Collection(graph.vppTokenLicenseSummary)"/></Function>',
    )
    expect(beta).toContain('<ComplexType Name="vppTokenLicenseSummary">')
  })

  test('derives the result of a revoke from the result of any action', () => {
    expect(element(beta, 'ComplexType', 'vppTokenRevokeLicensesActionResult')).toBe(
      '<ComplexType Name="vppTokenRevokeLicensesActionResult" BaseType="graph.vppTokenActionResult"><Property Name="totalLicensesCount" Type="Edm.Int32" Nullable="false"/><Property Name="failedLicensesCount" Type="Edm.Int32" Nullable="false"/><Property Name="actionFailureReason" Type="graph.vppTokenActionFailureReason" Nullable="false"/></ComplexType>',
    )
  })

  test('has the state for a location that is stored twice, and the number of apps', () => {
    expect(element(beta, 'EnumType', 'vppTokenState')).toContain(
      '<Member Name="duplicateLocationId" Value="5"/>',
    )
    expect(element(beta, 'EntityType', 'vppToken')).toContain(
      '<Property Name="lastAppCount" Type="Edm.Int32"',
    )
  })

  test('leads from an app to its licences and, in the old shape, to its token', () => {
    const app = element(beta, 'EntityType', 'iosVppApp')
    expect(app).toContain(
      '<NavigationProperty Name="assignedLicenses" Type="Collection(graph.iosVppAppAssignedLicense)" ContainsTarget="true"/>',
    )
    expect(app).toContain(
      '<NavigationProperty Name="vppToken" Type="graph.appleVolumePurchaseProgramToken"/>',
    )
  })

  test('has the neighbours that are served, and no more of them', () => {
    expect(beta).toContain(
      '<EntitySet Name="subscribedSkus" EntityType="microsoft.graph.subscribedSku"/>',
    )
    expect(beta).toContain(
      '<Singleton Name="deviceManagement" Type="microsoft.graph.deviceManagement"/>',
    )
    expect(element(beta, 'EntityType', 'deviceManagement')).toBe(
      '<EntityType Name="deviceManagement" BaseType="graph.entity"><NavigationProperty Name="depOnboardingSettings" Type="Collection(graph.depOnboardingSetting)" ContainsTarget="true"/></EntityType>',
    )
    expect(element(beta, 'EntityType', 'depOnboardingSetting')).toBe(
      '<EntityType Name="depOnboardingSetting" BaseType="graph.entity"/>',
    )
    expect(beta).toContain(
      '<Function Name="getExpiringVppTokenCount" IsBound="true"><Parameter Name="bindingParameter" Type="Collection(graph.depOnboardingSetting)"/>',
    )
  })
})
