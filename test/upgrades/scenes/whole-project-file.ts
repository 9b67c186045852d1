/** Everything that a project file may hold. */

export const WHOLE_FILE = {
  repoFullName: 'acme/everything',
  minimumPermission: 'triage',
  authorizedTeams: ['acme/performance'],
  readOnlyCommands: 'authorized',
  datastoreUrl: 'https://horreum.example',
  datastoreApiKey: 'fake-horreum-key',
  jobPlatformUrl: 'https://jenkins.example',
  jobPlatformUser: 'bench',
  jobPlatformApiKey: 'fake-jenkins-key',
  labs: {
    cluster: {
      platform: 'argo-workflows',
      url: 'https://argo.example',
      apiKey: 'fake-argo-key',
      settings: { namespace: 'perf' },
    },
  },
  quotas: { runsPerPersonPerDay: 5, runsAtATime: 2, runsPerBotPerDay: 1 },
  check: { completeWhenNothingApplies: true, failOnCannotTell: true, failOnMissingResults: true },
  cancelOnClose: false,
  jobs: {
    checkout: {
      name: 'Checkout',
      platformJobId: 'perf/checkout',
      description: 'Measures the checkout',
      timeoutMinutes: 30,
      resultsTimeoutMinutes: 5,
      pullRequestNumberParam: 'PR',
      repoFullNameParam: 'REPO',
      repoCommitParam: 'COMMIT',
      datastoreConfig: { testId: 10, viewId: null },
      configurableParams: {
        USERS: { name: 'USERS', description: 'how many', pattern: '\\d+', default: '10' },
        SIZE: { name: 'SIZE', values: ['small', 'large'] },
      },
      metrics: {
        rt: { title: 'Response time', unit: 'ms', direction: 'lower', threshold: 5, policy: 'gate' },
        load: { policy: 'info' },
      },
      history: {
        commitLabel: 'commit',
        branchLabel: 'branch',
        environmentLabels: ['host'],
        mainValue: 'main',
        maxRuns: 30,
      },
      access: { authorizedUsers: ['ana'] },
      comment: 'quiet',
      automatic: [
        { on: 'label', label: 'performance', paths: ['src/**'], parameters: { SIZE: 'small' } },
        { on: 'push', branches: ['main'] },
        { on: 'opened', cancelOlder: true },
      ],
      retryLabFaults: false,
    },
    'on-the-cluster': { platformJobId: 'bench', lab: 'cluster', datastoreConfig: { testId: '11' } },
  },
} as const;
