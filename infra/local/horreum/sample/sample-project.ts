/** Holds the sample project `getting-started` as files that any Horreum can import: a schema with labels, a test, two views. */
import type { JsonObject } from '../store/store.ts';

export const SAMPLE_TEST = 'getting-started';
export const SAMPLE_SCHEMA_URI = 'uri:getting-started:0.1';
export const SAMPLE_OWNER = 'dev-team';

const MEASURED = '$.state.*.HF_REPORT_ALL.stats[*] ? (@.name != "warmUp")';
const SUMMARY = `${MEASURED}.total.summary`;
const PERCENTILES = `${SUMMARY}.percentileResponseTime`;

/** What is measured. */
const METRICS: Readonly<Record<string, string>> = {
  'gs.request_count': `${SUMMARY}.requestCount`,
  'gs.failures': `${MEASURED}.total.failures`,
  'gs.errors': '$.state.*.HF_REPORT_ALL.info.errors',
  'gs.min_response_time': `${SUMMARY}.minResponseTime`,
  'gs.mean_response_time': `${SUMMARY}.meanResponseTime`,
  'gs.std_dev_response_time': `${SUMMARY}.stdDevResponseTime`,
  'gs.max_response_time': `${SUMMARY}.maxResponseTime`,
  'gs.percentile_50': `${PERCENTILES}."50.0"`,
  'gs.percentile_90': `${PERCENTILES}."90.0"`,
  'gs.percentile_99': `${PERCENTILES}."99.0"`,
  'gs.percentile_99_9': `${PERCENTILES}."99.9"`,
  'gs.percentile_99_99': `${PERCENTILES}."99.99"`,
};

/** What a run is found by. */
const FILTERS: Readonly<Record<string, string>> = {
  'gs.phase': `${MEASURED}.name`,
  'gs.app_commit': '$.state.APP_COMMIT',
  'pb.repo_full_name': '$.state.REPO_FULL_NAME',
  'pb.pull_request_number': '$.state.PULL_REQUEST_NUMBER',
  'pb.job_id': '$.state.JOB_ID',
  'pb.run_key': '$.state.RUN_KEY',
};

const VARIABLES: Readonly<Record<string, string>> = {
  max_response_time: 'gs.max_response_time',
  '99_99_response_time': 'gs.percentile_99_99',
  '99_9_response_time': 'gs.percentile_99_9',
  '99_response_time': 'gs.percentile_99',
  mean_response_time: 'gs.mean_response_time',
  std_dev_response_time: 'gs.std_dev_response_time',
};

export function sampleSchema(): JsonObject {
  const label = (name: string, jsonpath: string, isMetric: boolean): JsonObject => ({
    name,
    extractors: [{ name: name.replaceAll('.', '_'), jsonpath, isarray: false }],
    metrics: isMetric,
    filtering: !isMetric,
    access: 'PUBLIC',
    owner: SAMPLE_OWNER,
  });
  return {
    uri: SAMPLE_SCHEMA_URI,
    name: 'Getting Started v0.1',
    description: 'Response times of the sample service, in ns',
    access: 'PUBLIC',
    owner: SAMPLE_OWNER,
    labels: [
      ...Object.entries(METRICS).map(([name, path]) => label(name, path, true)),
      ...Object.entries(FILTERS).map(([name, path]) => label(name, path, false)),
    ],
  };
}

/** One profile: every commit but `main` is compared with the newest of `main`, 10 % allowed. */
export function sampleTest(): JsonObject {
  const detection = (window: number, threshold: number): JsonObject => ({
    model: 'relativeDifference',
    config: { model: 'relativeDifference', filter: 'mean', window, threshold, minPrevious: 5 },
  });
  const names = Object.keys(VARIABLES);
  return {
    name: SAMPLE_TEST,
    description: '',
    access: 'PUBLIC',
    owner: SAMPLE_OWNER,
    notificationsEnabled: true,
    transformers: [],
    variables: Object.entries(VARIABLES).map(([name, label], index) => ({
      id: index + 1,
      name,
      group: null,
      order: index,
      labels: [label],
      changeDetection: [detection(1, 0.2), detection(5, 0.1)],
    })),
    experiments: [
      {
        name: 'Pull Request Experiment',
        selectorLabels: ['gs.app_commit'],
        selectorFilter: 'value => value != "main"',
        baselineLabels: ['gs.app_commit'],
        baselineFilter: 'value => value == "main"',
        extraLabels: null,
        comparisons: names.map((variableName, index) => ({
          model: 'relativeDifference',
          config: { threshold: 0.1, greaterBetter: false, maxBaselineDatasets: 1 },
          variableId: index + 1,
          variableName,
        })),
      },
    ],
  };
}

/** `Default` for Horreum's own lists, `Custom` with more of the percentiles. */
export function sampleViews(testId: number): JsonObject[] {
  const component = ([headerName, label]: readonly [string, string], headerOrder: number): JsonObject => ({
    headerName,
    headerOrder,
    labels: [label],
    render: '',
  });
  const few = [
    ['PR Number', 'pb.pull_request_number'],
    ['Commit SHA', 'gs.app_commit'],
    ['Max Response Time', 'gs.max_response_time'],
    ['Mean Response Time', 'gs.mean_response_time'],
  ] as const;
  const more = [
    ...few,
    ['99.99 Percentile', 'gs.percentile_99_99'],
    ['99.9 Percentile', 'gs.percentile_99_9'],
  ] as const;
  return [
    { name: 'Default', testId, components: few.map(component) },
    { name: 'Custom', testId, components: more.map(component) },
  ];
}
