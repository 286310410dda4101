/** Where second factors are set up. */
export const factorPath = "/account/prefs/second-factor";
