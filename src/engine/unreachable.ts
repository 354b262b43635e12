import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { UnansweredError } from './refused';

/** True when an error means that Temporal could not be asked or did not answer, whatever the reason. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof UnansweredError || error instanceof ServiceError || isGrpcServiceError(error);
}
