/** Where a directory is: a file on this machine, an Alibaba Cloud account, or an endpoint of RAM's API such as `ramctl serve`. */
export interface Target {
  kind: 'local' | 'cloud' | 'endpoint';
  /** The path of the file, `aliyun:`, `aliyun:PROFILE`, or the URL of the endpoint. */
  name: string;
}
