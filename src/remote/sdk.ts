// The official SDK. The bundle has this file separately and loads it for remote directories only, so it shares no code with the
// rest of ramctl.
import credentials from '@alicloud/credentials';
import ims from '@alicloud/ims20190815';
import core from '@alicloud/openapi-core';
import ram from '@alicloud/ram20150501';
import sts from '@alicloud/sts20150401';
import httpx from 'httpx';
import { useProxies } from './proxy.ts';

useProxies();

export const CLIENTS = { RAM: ram.default, IMS: ims.default, STS: sts.default };
export const { $OpenApiUtil } = core;
export const { default: Credential, CLIProfileCredentialsProvider } = credentials;

/** Sends a request that is not signed. */
export const { request } = httpx;
