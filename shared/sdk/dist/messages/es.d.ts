declare const _default: {
    expired: string;
    revoked: string;
    failed_to_send: string;
    suspended: string;
    already_bound: string;
    already_registered: string;
    cancelled: string;
    timed_out: string;
    aborted: string;
    not_supported: string;
    not_trusted_origin: string;
    wrong_link: string;
    network: string;
    busy: string;
    policy: string;
    failed: string;
};
export default _default;
