/** Where a service is on this machine, for who looks at it past the service itself. */
export type ServicePlace =
  | {
      kind: 'process';
      /** On loopback; absent for a program that does not listen. */
      port?: number;
      /** Absent for one that keeps no data. */
      dataFolder?: string;
    }
  | {
      kind: 'container';
      /** Name of the container, and of the volume of its data. */
      name: string;
      port: number;
    };
