/** The parts of OSCAL assessment results (1.2) that are written here. */
export interface AssessmentResults {
  'assessment-results': {
    uuid: string;
    metadata: {
      title: string;
      'last-modified': string;
      version: string;
      'oscal-version': string;
      props: Property[];
    };
    'import-ap': { href: string; remarks: string };
    results: Result[];
    'back-matter': { resources: Resource[] };
  };
}

export interface Property {
  name: string;
  ns: string;
  value: string;
}

interface Resource {
  uuid: string;
  title: string;
  rlinks: { href: string; hashes: { algorithm: 'SHA-256'; value: string }[] }[];
}

interface Result {
  uuid: string;
  title: string;
  description: string;
  start: string;
  end?: string;
  'reviewed-controls': {
    description: string;
    'control-selections': { 'include-controls': { 'control-id': string }[] }[];
  };
  observations?: Observation[];
  findings: OscalFinding[];
  remarks: string;
}

/** What one check of the drill has seen. */
export interface Observation {
  uuid: string;
  title: string;
  description: string;
  props: Property[];
  methods: 'TEST'[];
  collected: string;
}

/** What the drill says about one control. */
export interface OscalFinding {
  uuid: string;
  title: string;
  description: string;
  target: {
    type: 'objective-id';
    'target-id': string;
    status: { state: 'satisfied' | 'not-satisfied'; reason: 'pass' | 'fail' | 'other' };
  };
  'related-observations'?: { 'observation-uuid': string }[];
}
