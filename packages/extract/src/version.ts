/** Version of the extractor (semver): a change of what any page gives raises it. Sent as `Asa-Extractor-Version`. */
export const EXTRACTOR_VERSION = '0.1.0';
